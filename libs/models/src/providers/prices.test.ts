import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createModels } from '../models.ts';
import { costOf, listPricesDate, readPrices } from './prices.ts';

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
    const problem = expect.stringContaining('PENTIMENTO_MODEL_PRICES') as string;
    expect(readPrices(value)).toEqual({ ...readPrices(undefined), problem });
  });

  it('has the list prices where none are set, and none of a provider that is asked elsewhere', () => {
    const { prices: known, problem } = readPrices(undefined);
    expect([known['openai/gpt-5.4-mini'], problem]).toEqual([{ input: 0.75, output: 4.5 }, null]);
    const { prices: others } = readPrices(undefined, ['openai']);
    expect(Object.keys(others).some((model) => model.startsWith('openai/'))).toBe(false);
    expect(others['google/gemini-2.5-pro']).toEqual({ input: 1.25, output: 10 });
    expect(known).not.toHaveProperty(['openai-compatible/vlm']);
  });

  it('lists the models that are known, and says in the documentation which and when', () => {
    const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const rows = Object.entries(readPrices(undefined).prices).map(
      ([model, { input, output }]) => `\`${model}\` ${input} and ${output}`,
    );
    for (const row of rows) expect(page.replace(/\s+/g, ' ')).toContain(row);
    expect(page).toContain(listPricesDate);
    const catalog = createModels({ environment: {}, languages: [], blobs: { get: () => Promise.reject(new Error()) } });
    const listed = catalog.list().data.map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining(Object.keys(readPrices(undefined).prices)));
  });

  it('is overridden model by model', () => {
    const { prices: given } = readPrices('{"openai/gpt-5.4-mini": {"input": 0, "output": 0}}');
    expect(given['openai/gpt-5.4-mini']).toEqual({ input: 0, output: 0 });
    expect(given['google/gemini-2.5-pro']).toBeDefined();
  });
});
