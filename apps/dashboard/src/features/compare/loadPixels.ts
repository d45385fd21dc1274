import type { Pixels } from './pixels.ts';

const kept = 6;
const cache = new Map<string, Promise<Pixels>>();

/** An image's pixels, read with a canvas. The last few are cached; failures are not. */
export function loadPixels(url: string): Promise<Pixels> {
  const known = cache.get(url);
  const pixels = known ?? readPixels(url);
  cache.delete(url);
  cache.set(url, pixels);
  if (!known) pixels.catch(() => cache.delete(url));
  if (cache.size > kept) cache.delete(cache.keys().next().value!);
  return pixels;
}

async function readPixels(url: string): Promise<Pixels> {
  const image = await decodeImage(url);
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, data };
}

export async function decodeImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
