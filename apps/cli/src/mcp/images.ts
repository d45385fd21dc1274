import { uploadLimits } from '@pentimento/contracts';
import { basename } from 'node:path';
import { z } from 'zod';
import { CliError } from '../terminal/cli-error.ts';
import { readImage } from '../input/files.ts';

export const imageSchema = z
  .string()
  .min(1)
  .describe('Path of a PNG, JPEG or WebP file, or the image as a data URL, data:image/png;base64,...');

export interface NamedImage {
  name: string;
  content: Uint8Array<ArrayBuffer>;
}

/** The bytes that the input names. Throws a CliError where there are none, or too many. */
export async function readNamedImage(image: string): Promise<NamedImage> {
  if (!image.startsWith('data:')) return { name: basename(image), content: await readImage(image) };
  const [, data] = /^data:image\/[\w.+-]+;base64,(.*)$/s.exec(image) ?? [];
  if (data === undefined) throw new CliError('The data URL holds no image in base64: send data:image/png;base64,...');
  const content = new Uint8Array(Buffer.from(data, 'base64'));
  if (content.length > uploadLimits.bytes)
    throw new CliError(`The image may have ${uploadLimits.bytes / 2 ** 20} MB: take a smaller one.`);
  return { name: 'image', content };
}
