import { expect, it } from 'vitest';
import { readModelName } from './model-name.ts';

it.each([
  ['openai-compatible/Qwen/Qwen3-VL-8B', 'openai-compatible/Qwen/Qwen3-VL-8B', undefined],
  ['pentimento/svg:openai-compatible/Qwen/Qwen3-VL-8B', 'openai-compatible/Qwen/Qwen3-VL-8B', 'svg'],
  ['pentimento/SVG', 'builtin/vectorizer', 'svg'],
  ['pentimento:openai/gpt-4o', 'openai/gpt-4o', undefined],
  ['pentimento', 'builtin/vectorizer', undefined],
])('reads %s', (name, model, language) => {
  expect(readModelName(name)).toEqual({ model, language });
});

it.each(['gpt-4o', '', 'pentimento/svg:', 'pentimento/svg:gpt-4o', 'pentimento/a/b', '/', '\0'])(
  'refuses %j',
  (name) => {
    expect(() => readModelName(name)).toThrow(/write provider\/model/);
  },
);
