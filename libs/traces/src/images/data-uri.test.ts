import { expect, it } from 'vitest';
import { dataUriOf } from './data-uri.ts';

it.each([0, 1, 2, 3, 4, 300])('writes %i bytes as base64', (length) => {
  const png = Uint8Array.from({ length }, (_, index) => (index * 151) & 255);
  const uri = dataUriOf({ id: '', png, width: 1, height: 1 });
  expect(uri).toBe(`data:image/png;base64,${btoa(String.fromCharCode(...png))}`);
});
