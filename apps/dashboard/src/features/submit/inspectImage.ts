import type { Facts } from './model.ts';

const looked = 4096;

/** Size and transparency of an image. Rejects where the browser cannot decode it. */
export async function inspectImage(file: Blob): Promise<Facts> {
  const image = await createImageBitmap(file);
  const { width, height } = image;
  const transparent = file.type !== 'image/jpeg' && isTransparent(image);
  image.close();
  return { width, height, transparent };
}

/** Scales very large images down first: averaging keeps transparent pixels detectable. */
function isTransparent(image: ImageBitmap): boolean {
  const scale = Math.min(1, looked / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 255) return true;
  return false;
}
