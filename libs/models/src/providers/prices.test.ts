import { describe, expect, it } from 'vitest';
import { costOf, readPrices } from './prices.ts';

const { prices } = readPrices('{"openai/gpt": {"input": 2.5, "output": 10}}');

describe('costOf', () => {
  it('is by the million tokens', () => {
    expect(costOf('openai/gpt', { inputTokens: 400_000, outputTokens: 100_000 }, prices)).toBe(2);
  });

  it.each([
    ['the model has no price', 'openai/other', 1, 1],
    ['the name is that of an object method', 'constructor', 1, 1],
    ['the input was not counted', 'openai/gpt', null, 1],
    ['the output was not counted', 'openai/gpt', 1, null],
  ])('is unknown where %s', (_, model, inputTokens, outputTokens) => {
    expect(costOf(model, { inputTokens, outputTokens }, prices)).toBeNull();
  });
});

describe('readPrices', () => {
  it.each([
    '{',
    '[]',
    '{"gpt": {"input": 1, "output": 1}}',
    '{"openai/gpt": {"input": -1, "output": 1}}',
    '{"openai/gpt": 3}',
  ])('reports %s as a problem with the right form', (value) => {
    expect(readPrices(value)).toEqual({ prices: {}, problem: expect.stringContaining('PENTIMENTO_MODEL_PRICES') });
  });

  it('has none where none are set', () => {
    expect(readPrices(undefined)).toEqual({ prices: {}, problem: null });
  });
});
