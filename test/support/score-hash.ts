/**
 * Prints the SHA-256 of the records of 256 scores: node score-hash.ts CACHE
 *
 * Vectors are kept in the folder CACHE. Images are of one, several and many tiles; 16 targets have 16 renders each.
 */
import { createHash } from 'node:crypto';
import { createHomeCaches } from '@pentimento/cache';
import { createReward } from '@pentimento/reward';
import sharp from 'sharp';

const sizes = [
  [120, 120],
  [300, 200],
  [90, 400],
  [64, 64],
] as const;
const noAbort = new AbortController().signal;

/** Bars whose number, heights and colors depend on the variant. */
function imageOf(width: number, height: number, variant: number): Promise<Buffer> {
  const bars = Array.from({ length: 5 + (variant % 4) }, (_, index) => {
    const tall = 10 + ((index * 37 + variant * 11) % (height - 20));
    const color = `hsl(${(variant * 23 + index * 40) % 360} 60% 45%)`;
    return `<rect x="${4 + index * 12}" y="${height - tall}" width="9" height="${tall}" fill="${color}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${bars.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer();
}

const reward = createReward({ cache: createHomeCaches(process.argv[2]!).vectors });
const hash = createHash('sha256');
for (let target = 0; target < 16; target++) {
  const [width, height] = sizes[target % sizes.length]!;
  const image = await imageOf(width, height, target);
  for (let variant = 1; variant <= 16; variant++) {
    const render = await imageOf(width, height, target + variant);
    const record = await reward.score({ target: image, render, alignment: 1 }, noAbort);
    hash.update(JSON.stringify({ ...record, ms: 0 }));
  }
}
await reward.close();
console.log(hash.digest('hex'));
