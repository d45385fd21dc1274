import { expect, it } from 'vitest';
import { readNamedImage } from './images.ts';

const dataUrl = (bytes: Uint8Array) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;

it('reads a data URL', async () => {
  expect(await readNamedImage(dataUrl(new Uint8Array([1, 2])))).toEqual({
    name: 'image',
    content: new Uint8Array([1, 2]),
  });
});

it('reads a file by its path, under its own name', async () => {
  const { name, content } = await readNamedImage(import.meta.filename);
  expect(name).toBe('images.test.ts');
  expect(content.length).toBeGreaterThan(0);
});

it.each([
  ['/nowhere/a.png', /\/nowhere\/a\.png cannot be read: there is no such file/],
  ['data:text/plain,AAAA', /holds no image in base64/],
  [dataUrl(Buffer.alloc(21 * 2 ** 20)), /may have 20 MB: take a smaller one/],
])('says what to do where there is no image: %#', async (image, message) => {
  await expect(readNamedImage(image)).rejects.toThrow(message);
});
