import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { selectPatches } from '@pentimento/patches';
import type { Box, Size } from '@pentimento/contracts';
import { gridFor } from '@pentimento/imaging';
import { createReward } from '@pentimento/reward';

/**
 * Whether the patches point at defects: one defect, or two far apart, is planted in a target, and the worst patch must cover it. A map
 * that is coarser than the defect, or patches that spread over correct areas, would change no score.
 *
 * A defect's box bounds the pixels around it in which target and render differ. A patch covers a defect if it contains the center and at
 * least half of that box; it is tight if its area is at most four times the defect's, or that of the map's smallest cell.
 */
const cases = 200;
const wantedShare = 0.95;
const visibleDifference = 16;

const examples = new URL('../../examples/', import.meta.url);
const reward = createReward();
const noAbort = new AbortController().signal;
afterAll(() => reward.close());

const kinds = ['missing', 'color', 'shifted', 'text', 'dot'] as const;
const locations = ['corner', 'tile border', 'two'] as const;
type Kind = (typeof kinds)[number];

interface Scene {
  name: string;
  size: Size;
  pixels: Buffer;
}

interface Outcome {
  scene: string;
  kind: Kind;
  location: string;
  covered: boolean;
  tight: boolean;
  detail: string;
}

it(`finds planted defects in ${wantedShare * 100} % of ${cases} cases`, { timeout: 240_000 }, async () => {
  const scenes = await Promise.all([
    ...['tiny-icon', 'badge', 'caffeine'].map((name) => exampleScene(name, { width: 48, height: 48 })),
    ...['isometric', 'badge', 'commutative'].map((name) => exampleScene(name, { width: 336, height: 336 })),
    ...['heatmap', 'pgfplot'].map((name) => exampleScene(name, { width: 640, height: 480 })),
    exampleScene('pricing-page', { width: 1280, height: 800 }),
    generatedScene({ width: 1280, height: 800 }),
    exampleScene('long-report', { width: 1200, height: 3731 }),
    generatedScene({ width: 1200, height: 3731 }),
  ]);
  const random = randomNumbers(20_261);
  const outcomes: Outcome[] = [];
  for (let index = 0; index < cases; index++) {
    const scene = scenes[index % scenes.length]!;
    const round = Math.floor(index / scenes.length);
    outcomes.push(
      await plantAndCheck(scene, kinds[round % kinds.length]!, locations[round % locations.length]!, random),
    );
  }
  report(outcomes);
  expect(outcomes.filter(({ covered }) => covered).length).toBeGreaterThanOrEqual(cases * wantedShare);
  expect(outcomes.filter(({ tight }) => tight).length).toBeGreaterThanOrEqual(cases * wantedShare);
});

async function plantAndCheck(
  scene: Scene,
  kind: Kind,
  location: (typeof locations)[number],
  random: () => number,
): Promise<Outcome> {
  const { size } = scene;
  const spots = spotsFor(location, size, elementSize(kind, size), random);
  const elements = spots.map((spot) => plant(kind, spot, scene, random));
  const [target, render] = (await Promise.all(
    (['target', 'render'] as const).map((side) => compose(scene, elements, side)),
  )) as [Buffer, Buffer];
  const defects = elements.map(({ within }) => differingBox(target, render, size, within));
  const { map } = await reward.score(
    { target: await png(target, size), render: await png(render, size), alignment: 1 },
    noAbort,
  );
  const [worst] = selectPatches({ map: map!, size, count: 4, before: null, tried: [] });
  const cell = Math.ceil(size.width / map!.columns) * Math.ceil(size.height / map!.rows);
  const hit = worst && defects.find((defect) => covers(worst.box, defect));
  return {
    scene: `${scene.name} ${size.width} x ${size.height}`,
    kind,
    location,
    covered: hit !== undefined,
    tight: hit !== undefined && areaOf(worst!.box) <= Math.max(4 * areaOf(hit), cell),
    detail: `${boxText(worst?.box)} for ${defects.map(boxText).join(' and ')}`,
  };
}

interface Element {
  /** Top left of the content, and what of it target and render show; null for nothing. */
  left: number;
  top: number;
  target: string | null;
  render: string | null;
  /** Contains all differences. */
  within: Box;
}

/** Sides of the planted content, as shares of the target's shorter side. */
function elementSize(kind: Kind, { width, height }: Size): Size {
  const shorter = Math.min(width, height);
  const share = (part: number, min: number) => Math.max(min, Math.round(shorter * part));
  switch (kind) {
    case 'dot':
      return { width: share(1 / 50, 3), height: share(1 / 50, 3) };
    case 'text':
      return { width: share(1 / 3, 20), height: share(1 / 20, 8) };
    default:
      return { width: share(1 / 7, 6), height: share(1 / 12, 4) };
  }
}

function spotsFor(location: (typeof locations)[number], size: Size, element: Size, random: () => number): Box[] {
  const [across, down] = [size.width - element.width, size.height - element.height];
  const at = (x: number, y: number) => ({ x: bounded(x, across), y: bounded(y, down), ...element });
  switch (location) {
    case 'corner': {
      const near = (length: number) => (random() < 0.5 ? random() * 0.02 : 1 - random() * 0.02) * length;
      return [at(near(across), near(down))];
    }
    case 'tile border': {
      const { columns, rows } = gridFor(size.width, size.height);
      const border = (parts: number, length: number) =>
        parts === 1 ? random() * length : (Math.ceil(random() * (parts - 1)) / parts) * length;
      return [at(border(columns, size.width) - element.width / 2, border(rows, size.height) - element.height / 2)];
    }
    case 'two':
      return [
        at(random() * across * 0.4, random() * down * 0.4),
        at((1 - random() * 0.4) * across, (1 - random() * 0.4) * down),
      ];
  }
}

function plant(kind: Kind, spot: Box, scene: Scene, random: () => number): Element {
  const [ink, other] = contrasting(scene, spot);
  const { x: left, y: top, width, height } = spot;
  const whole = { left, top, within: spot };
  const card = (fill: string, dx = 0, dy = 0) =>
    `<rect x="${dx}" y="${dy}" width="${width}" height="${height}" rx="${Math.round(height / 8)}" fill="${fill}"/>`;
  switch (kind) {
    case 'missing':
      return { ...whole, target: card(ink), render: null };
    case 'color':
      return { ...whole, target: card(ink), render: card(other) };
    case 'dot':
      return { ...whole, target: null, render: dot(spot, ink) };
    case 'text': {
      const [wanted, got] = random() < 0.5 ? ['Quarter', 'Balance'] : ['48,317', '92,605'];
      return { ...whole, target: label(spot, ink, wanted!), render: label(spot, ink, got!) };
    }
    case 'shifted': {
      const [stepX, stepY] = [
        [1, 0],
        [0, 1],
        [1, 1],
      ][Math.floor(random() * 3)] as [number, number];
      const dx = bounded(stepX * Math.max(2, width * 0.3), scene.size.width - left - width);
      const dy = bounded(stepY * Math.max(2, height * 0.5), scene.size.height - top - height);
      const moved = dx + dy === 0 ? { dx: -Math.max(2, Math.round(width * 0.3)), dy: 0 } : { dx, dy };
      const from = { x: left + Math.min(0, moved.dx), y: top + Math.min(0, moved.dy) };
      const within = { ...from, width: width + Math.abs(moved.dx), height: height + Math.abs(moved.dy) };
      const [ownX, ownY] = [left - from.x, top - from.y];
      return {
        left: from.x,
        top: from.y,
        within,
        target: card(ink, ownX, ownY),
        render: card(ink, ownX + moved.dx, ownY + moved.dy),
      };
    }
  }
}

function dot({ width }: Box, fill: string): string {
  return `<circle cx="${width / 2}" cy="${width / 2}" r="${width / 2}" fill="${fill}"/>`;
}

function label({ width, height }: Box, fill: string, text: string): string {
  const font = `font-family="DejaVu Sans" font-size="${height * 0.8}"`;
  return `<text x="0" y="${height * 0.8}" textLength="${width}" lengthAdjust="spacingAndGlyphs" ${font} fill="${fill}">${text}</text>`;
}

function compose({ size, pixels }: Scene, elements: readonly Element[], side: 'target' | 'render'): Promise<Buffer> {
  const layers = elements.flatMap(({ left, top, within: { width, height }, [side]: content }) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
    return content === null ? [] : [{ input: Buffer.from(svg), left, top }];
  });
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .composite(layers)
    .removeAlpha()
    .raw()
    .toBuffer();
}

function png(pixels: Buffer, size: Size): Promise<Buffer> {
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function differingBox(target: Buffer, render: Buffer, { width }: Size, within: Box): Box {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let y = within.y; y < within.y + within.height; y++) {
    for (let x = within.x; x < within.x + within.width; x++) {
      const at = (y * width + x) * 3;
      if (![0, 1, 2].some((channel) => Math.abs(target[at + channel]! - render[at + channel]!) >= visibleDifference))
        continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** The two colors that differ most from the mean of an area and from each other. */
function contrasting({ size, pixels }: Scene, { x, y, width, height }: Box): [string, string] {
  const sums = [0, 0, 0];
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      for (let channel = 0; channel < 3; channel++)
        sums[channel]! += pixels[(row * size.width + column) * 3 + channel]!;
    }
  }
  const mean = sums.map((sum) => sum / (width * height));
  const palette = [
    [211, 47, 47],
    [25, 118, 200],
    [26, 152, 80],
    [245, 197, 24],
    [34, 34, 34],
    [255, 255, 255],
  ];
  const apart = (a: readonly number[], b: readonly number[]) =>
    Math.hypot(...a.map((value, index) => value - b[index]!));
  const [ink] = palette.toSorted((a, b) => apart(b, mean) - apart(a, mean));
  const [other] = palette
    .filter((color) => color !== ink)
    .toSorted((a, b) => Math.min(apart(b, mean), apart(b, ink!)) - Math.min(apart(a, mean), apart(a, ink!)));
  return [ink!, other!].map((color) => `rgb(${color.join(',')})`) as [string, string];
}

async function exampleScene(name: string, size: Size): Promise<Scene> {
  const pixels = await sharp(readFileSync(new URL(`${name}.png`, examples)))
    .flatten({ background: 'white' })
    .resize({ ...size, fit: 'contain', background: 'white' })
    .raw()
    .toBuffer();
  return { name, size, pixels };
}

/** Rows of cards with bars and lines of text. */
async function generatedScene(size: Size): Promise<Scene> {
  const random = randomNumbers(7);
  const parts: string[] = [];
  for (let top = 24; top < size.height - 120; top += 180) {
    for (let left = 24; left < size.width - 280; left += 300) {
      parts.push(`<rect x="${left}" y="${top}" width="276" height="156" rx="8" fill="#f3f5f9" stroke="#c8d0dc"/>`);
      for (let bar = 0; bar < 6; bar++) {
        const height = 20 + random() * 60;
        parts.push(
          `<rect x="${left + 16 + bar * 40}" y="${top + 140 - height}" width="28" height="${height}" fill="#5b8def"/>`,
        );
      }
      parts.push(
        `<text x="${left + 16}" y="${top + 28}" font-family="DejaVu Sans" font-size="14">Region ${Math.round(random() * 900)}</text>`,
      );
    }
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${parts.join('')}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).flatten({ background: 'white' }).raw().toBuffer();
  return { name: 'generated', size, pixels };
}

function covers(box: Box, defect: Box): boolean {
  const [x, y] = [defect.x + defect.width / 2, defect.y + defect.height / 2];
  const middle = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  const shared =
    overlap(box.x, box.width, defect.x, defect.width) * overlap(box.y, box.height, defect.y, defect.height);
  return middle && shared >= areaOf(defect) / 2;
}

function overlap(start: number, length: number, other: number, otherLength: number): number {
  return Math.max(0, Math.min(start + length, other + otherLength) - Math.max(start, other));
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

function boxText(box: Box | undefined): string {
  return box ? `(${box.x}, ${box.y}) ${box.width} x ${box.height}` : 'no patch';
}

function bounded(value: number, upper: number): number {
  return Math.min(upper, Math.max(0, Math.round(value)));
}

/** 0..1, from a linear congruential generator. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function report(outcomes: readonly Outcome[]): void {
  const line = (name: string, some: readonly Outcome[]) =>
    `${name.padEnd(28)} covered ${some.filter(({ covered }) => covered).length} and tight ${some.filter(({ tight }) => tight).length} of ${some.length}`;
  for (const key of ['scene', 'kind', 'location'] as const) {
    for (const [name, some] of Object.entries(Object.groupBy(outcomes, (outcome) => outcome[key])))
      console.log(line(name, some!));
  }
  console.log(line('all', outcomes));
  for (const { scene, kind, location, covered, tight, detail } of outcomes) {
    if (!covered || !tight) console.log(`${scene}, ${kind}, ${location}: ${covered ? 'wide' : 'missed'}, ${detail}`);
  }
}
