import { expect, it } from 'vitest';
import { pythonJson } from './python-json.ts';

it('writes JSON as Python does', () => {
  const value = { b: ['é', 'a"\n', '\u007f', '😀'], a: { y: 1, x: null } };
  expect(pythonJson(value, { compact: false })).toBe(
    '{"a": {"x": null, "y": 1}, "b": ["\\u00e9", "a\\"\\n", "\\u007f", "\\ud83d\\ude00"]}',
  );
  expect(pythonJson(value, { compact: true })).toBe('{"a":{"x":null,"y":1},"b":["é","a\\"\\n","\u007f","😀"]}');
});
