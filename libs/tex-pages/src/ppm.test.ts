import { expect, it } from 'vitest';
import { readPpm } from './ppm.ts';

const size = { width: 2, height: 1 };
const ppm = (header: string, count: number): Uint8Array => Buffer.concat([Buffer.from(header), Buffer.alloc(count, 7)]);

it('reads the pixels of a PPM', () => {
  expect(readPpm(ppm('P6\n2 1\n255\n', 6), size)).toEqual({ ...size, rgb: Buffer.alloc(6, 7) });
});

it.each([
  ['another size', ppm('P6\n1 2\n255\n', 6)],
  ['another depth', ppm('P6\n2 1\n65535\n', 12)],
  ['too few pixels', ppm('P6\n2 1\n255\n', 5)],
  ['too many pixels', ppm('P6\n2 1\n255\n', 7)],
  ['another format', ppm('P5\n2 1\n255\n', 6)],
  ['no bytes', ppm('', 0)],
])('refuses an image with %s', (_, bytes) => {
  expect(() => readPpm(bytes, size)).toThrow(/^The image/);
});
