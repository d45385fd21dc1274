import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sample } from './samples.ts';

const cell = { width: 400, height: 300 };
const caption = 24;
const columns = 4;

/** One sheet a target: it, its lowest honest render by `strict`, and every trick that scores more than that. */
export async function writeSheets(folder: string, samples: readonly Sample[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const target of new Set(samples.map((sample) => sample.target))) {
    const own = samples.filter((sample) => sample.target === target).toSorted((a, b) => strictOf(a) - strictOf(b));
    const lowest = own.find(({ kind }) => kind === 'honest');
    if (!lowest) continue;
    const above = own.filter((sample) => sample.kind !== 'honest' && strictOf(sample) > strictOf(lowest));
    if (above.length === 0) continue;
    const cells = [
      { words: target, image: lowest.images.target },
      ...[lowest, ...above].map((sample) => ({
        words: `${strictOf(sample).toFixed(3)} ${sample.name}`,
        image: sample.images.render,
      })),
    ];
    await writeSheet(join(folder, `${target}.png`), cells);
  }
}

const strictOf = ({ terms }: Sample): number => terms['strict']!;

async function writeSheet(file: string, cells: readonly { words: string; image: Uint8Array }[]): Promise<void> {
  const rowHeight = cell.height + caption;
  const layers = await Promise.all(
    cells.map(async ({ words, image }, index) => {
      const left = (index % columns) * (cell.width + 4);
      const top = Math.floor(index / columns) * rowHeight;
      const resized = await sharp(image)
        .resize({ ...cell, fit: 'contain', background: '#888' })
        .toBuffer();
      return [
        { input: captionOf(words), left, top },
        { input: resized, left, top: top + caption },
      ];
    }),
  );
  const size = { width: columns * (cell.width + 4), height: Math.ceil(cells.length / columns) * rowHeight };
  await sharp({ create: { ...size, channels: 3, background: '#888' } })
    .composite(layers.flat())
    .png()
    .toFile(file);
}

function captionOf(words: string): Buffer {
  const text = words.slice(0, 60).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${cell.width}" height="${caption}"><rect width="100%" height="100%" fill="#fff"/><text x="4" y="17" font-family="DejaVu Sans" font-size="13">${text}</text></svg>`,
  );
}
