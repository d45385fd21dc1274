/** Runs inside the sandbox, as an `RpcHandler`: renders the toy language. Each line of its code is `#rrggbb x y width height`. */
import sharp from 'sharp';

interface ToyJob {
  code: string;
  width: number;
  height: number;
}

const rectangle = /^(#[0-9a-f]{6}) (\d+) (\d+) ([1-9]\d*) ([1-9]\d*)$/;

export const greeting = { version: '1.0' };

/** A byte that is 1 for an image and 0 for an error, then the PNG or the error's text. */
export async function answer({ code, width, height }: ToyJob): Promise<Uint8Array> {
  if (code === 'forever') for (;;);
  const lines = code.split('\n');
  const broken = lines.findIndex((line) => !rectangle.test(line));
  if (broken !== -1) return Buffer.from(`\0Line ${broken + 1} is not a rectangle.`);
  const canvas = sharp({ create: { width, height, channels: 3, background: 'white' } });
  return Buffer.concat([Buffer.from([1]), await canvas.composite(lines.map(overlayOf)).removeAlpha().png().toBuffer()]);
}

function overlayOf(line: string) {
  const [, background = '', ...numbers] = rectangle.exec(line)!;
  const [left, top, width, height] = numbers.map(Number) as [number, number, number, number];
  return { input: { create: { width, height, channels: 3 as const, background } }, left, top };
}
