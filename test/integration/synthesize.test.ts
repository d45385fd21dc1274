import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  flawPairSchema,
  flawSkipSchema,
  type Box,
  type FlawKind,
  type FlawPair,
  type FlawSkip,
} from '@pentimento/contracts';
import { synthesizeFlaws } from '@pentimento/flaws';
import { measureImage } from '@pentimento/imaging';
import { createRenderService } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { createReward } from '@pentimento/reward';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../apps/cli/src/program.ts';
import { testTerminal, type TestTerminal } from '../../apps/cli/src/testing/terminal.ts';
import { MemoryFiles } from '../../libs/traces/src/testing/export-files.ts';
import { readParquet } from '../../libs/traces/src/testing/read-tables.ts';
import { memoryBlobs } from '../support/memory.ts';

const examples = resolve(import.meta.dirname, '../../examples');
/** One source of each language; the fourth brings its target, which says its size. */
const sources = [
  'code/tide-levels.py',
  'code/sign-up.html',
  'code/network.svg',
  'pgfplot.tex',
  'code/aspirin.smi',
  'code/lending.mmd',
];

let folder: string;
let from: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-synthesize-'));
  from = join(folder, 'sources');
  await mkdir(join(from, 'code'), { recursive: true });
  for (const source of [...sources, 'pgfplot.png']) await cp(join(examples, source), join(from, source));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs `pentimento synthesize`, with no home and thus without caches. */
async function synthesize(
  out: string,
  options: string[] = [],
  onProgress?: (line: string, terminal: TestTerminal) => void,
) {
  const terminal = testTerminal({ PATH: process.env.PATH, PENTIMENTO_HOME: join(folder, 'none') }, onProgress);
  const code = await runCommandLine(['synthesize', '--from', from, '--out', out, '--seed', '7', ...options], terminal);
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
}

async function rowsOf(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** A row of a table is a pair; a pair without a row is listed. */
async function checkTables(folder: string, pairs: readonly FlawPair[], drops: readonly FlawSkip[]): Promise<void> {
  const refinements = await parquetRows(join(folder, 'vincicoder-sft.parquet'));
  expect(refinements.map((row) => row.flaw_description)).toEqual(pairs.map(({ description }) => description));
  const critics = await parquetRows(join(folder, 'critic.parquet'));
  const rendered = pairs.filter(({ flawed }) => flawed.status === 'ok');
  expect(critics.filter(({ done }) => !done)).toHaveLength(rendered.length);
  expect(critics.filter(({ done }) => done).map(({ source }) => source)).toEqual([
    ...new Set(pairs.map(({ source }) => source)),
  ]);
  expect(drops.filter(({ reason }) => reason === 'no_row')).toHaveLength(pairs.length - rendered.length);
}

async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const files = new MemoryFiles();
  files.contents.set(path, await readFile(path));
  return readParquet(files, path);
}

const formats = ['--formats', 'vincicoder-sft,critic'];

describe('pentimento synthesize', () => {
  it(
    'makes pairs of every language, with images, scores and skips, and the same bytes each time',
    { timeout: 600_000 },
    async () => {
      const [first, second] = [join(folder, 'first'), join(folder, 'second')];
      const { code, stdout, stderr } = await synthesize(first, ['--count', '3', ...formats, '--json']);
      expect(code).toBe(0);
      expect(stderr).toContain('6 sources in 6 languages');

      const pairs = (await rowsOf(join(first, 'pairs.jsonl'))).map((row) => flawPairSchema.parse(row));
      const drops = (await rowsOf(join(first, 'drops.jsonl'))).map((row) => flawSkipSchema.parse(row));
      const skips = drops.filter(({ reason }) => reason !== 'no_row');
      expect(new Set(pairs.map(({ language }) => language))).toEqual(new Set(languages.map(({ id }) => id)));
      expect(pairs).toHaveLength(18);
      expect(JSON.parse(stdout)).toMatchObject({ folder: first, pairs: 18, skipped: skips.length });
      expect(pairs.find(({ source }) => source === 'pgfplot.tex')!.target).toMatchObject({ width: 643, height: 438 });
      await checkImages(first, pairs);
      await checkTables(first, pairs, drops);
      for (const { flawed, score } of pairs) {
        expect(score.terms.overall).toBeLessThan(1);
        expect(score.terms.execution).toBe(flawed.status === 'ok' ? 1 : 0);
      }

      expect((await synthesize(second, ['--count', '3', ...formats])).stdout).toBe(join(second, 'pairs.jsonl'));
      for (const file of ['pairs.jsonl', 'drops.jsonl', 'vincicoder-sft.parquet', 'critic.parquet']) {
        expect(await readFile(join(second, file), 'base64')).toBe(await readFile(join(first, file), 'base64'));
      }
      expect((await readdir(join(second, 'images'))).sort()).toEqual((await readdir(join(first, 'images'))).sort());
      expect((await synthesize(first)).stderr).toContain('already holds pairs.jsonl');
    },
  );

  it('makes only what is asked for', async () => {
    const out = join(folder, 'some');
    const { code } = await synthesize(out, [
      '--count',
      '2',
      '--language',
      'svg',
      '--kinds',
      'wrong-color,shifted-part',
    ]);
    expect(code).toBe(0);
    const pairs = (await rowsOf(join(out, 'pairs.jsonl'))).map((row) => flawPairSchema.parse(row));
    expect(pairs.map(({ kind }) => kind).sort()).toEqual(['shifted-part', 'wrong-color']);
    expect(pairs.every(({ source }) => source === 'code/network.svg')).toBe(true);
  });

  it('says why no source gave a pair, and writes nothing', async () => {
    const out = join(folder, 'nothing');
    const { code, stdout, stderr } = await synthesize(out, ['--language', 'smiles', '--kinds', 'wrong-color']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('No source gave a pair. There are no flaws of these kinds.');
    expect(await readdir(out)).toEqual([]);
  });

  it('leaves nothing at Ctrl-C', async () => {
    const out = join(folder, 'stopped');
    const { code, stderr } = await synthesize(out, ['--count', '30'], (line, terminal) => {
      if (line.includes('languages')) setImmediate(() => terminal.interrupt());
    });
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped before all twins were made: nothing is written.');
    expect(await readdir(out)).toEqual([]);
  });
});

async function checkImages(out: string, pairs: readonly FlawPair[]): Promise<void> {
  const images = new Map(
    await Promise.all(
      (await readdir(join(out, 'images'))).map(
        async (name) => [name, await readFile(join(out, 'images', name))] as const,
      ),
    ),
  );
  for (const [name, bytes] of images) expect(name).toBe(`${createHash('sha256').update(bytes).digest('hex')}.png`);
  const named = pairs.flatMap(({ target, flawed }) => [target, ...(flawed.status === 'ok' ? [flawed] : [])]);
  expect(new Set(named.map(({ image }) => `${image}.png`))).toEqual(new Set(images.keys()));
  for (const { image, width, height } of named) {
    expect(await measureImage(images.get(`${image}.png`)!, 'render')).toEqual({ width, height });
  }
}

describe('boxes', () => {
  const render = createRenderService({});
  const reward = createReward();
  afterAll(async () => {
    await Promise.all([render.close(), reward.close()]);
  });

  /** All pairs of one kind. */
  async function pairsOf(language: string, code: string, kind: FlawKind, height = 300): Promise<FlawPair[]> {
    const source = { name: 'known', language, code, size: { width: 400, height } };
    const ports = { render, reward, blobs: memoryBlobs() };
    const pairs: FlawPair[] = [];
    for await (const result of synthesizeFlaws(
      source,
      { count: 12, seed: 1, kinds: [kind] },
      ports,
      new AbortController().signal,
    )) {
      if ('pair' in result) pairs.push(result.pair);
    }
    return pairs;
  }

  const boxes: Record<string, Box> = {
    '#2a9d8f': { x: 20, y: 30, width: 100, height: 40 },
    '#e76f51': { x: 200, y: 150, width: 60, height: 90 },
    '#264653': { x: 330, y: 10, width: 35, height: 35 },
  };
  const written = (write: (color: string, box: Box) => string) =>
    Object.entries(boxes)
      .map(([color, box]) => write(color, box))
      .join('\n');

  /** Whether a box is the expected one, to within a pixel on each side. */
  function expectNear(actual: Box, expected: Box): void {
    const sides = ({ x, y, width, height }: Box) => [x, y, x + width, y + height];
    for (const [index, side] of sides(actual).entries())
      expect(Math.abs(side - sides(expected)[index]!)).toBeLessThanOrEqual(1);
  }

  it.each([
    [
      'svg',
      `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">${written(
        (color, { x, y, width, height }) =>
          `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${color}"/>`,
      )}</svg>`,
    ],
    [
      'html',
      `<!doctype html><body style="margin:0;height:300px">${written(
        (color, { x, y, width, height }) =>
          `<div style="position:absolute;left:${x}px;top:${y}px;width:${width}px;height:${height}px;background:${color}"></div>`,
      )}</body>`,
    ],
    [
      'python',
      `import matplotlib.pyplot as plt\nfig = plt.figure(figsize=(4, 3), dpi=100)\n${written(
        (color, { x, y, width, height }) =>
          `fig.patches.append(plt.Rectangle((${x}, ${300 - y - height}), ${width}, ${height}, facecolor='${color}', transform=None))`,
      )}\nfig.savefig('out.png')\n`,
    ],
  ])('are those of the parts whose color changes, in %s', async (language, code) => {
    const pairs = await pairsOf(language, code, 'wrong-color');
    expect(pairs.length).toBeGreaterThanOrEqual(9);
    for (const { box, edit } of pairs) {
      const color = Object.keys(boxes).find((known) => edit.search.includes(known) && !edit.replace.includes(known))!;
      expectNear(box!, boxes[color]!);
    }
  });

  const blocks = [
    { color: '#2a9d8f', height: 60 },
    { color: '#e76f51', height: 300 },
    { color: '#264653', height: 45 },
    { color: '#e9c46a', height: 80 },
  ];
  const page = `<!doctype html><body style="margin:0">\n${blocks
    .map(({ color, height }) => `<div style="height:${height}px;width:350px;background:${color}">&nbsp;</div>`)
    .join('\n')}\n</body>`;

  it('are those of a missing element, though the page behind it moves up', async () => {
    const pairs = await pairsOf('html', page, 'missing-element', 100);
    expect(pairs).toHaveLength(blocks.length);
    for (const { box, edit, flawed } of pairs) {
      const index = blocks.findIndex(({ color }) => edit.search.includes(color) && !edit.replace.includes(color));
      const y = blocks.slice(0, index).reduce((sum, { height }) => sum + height, 0);
      expect(box).toEqual({ x: 0, y, width: 350, height: blocks[index]!.height });
      expect(flawed).toMatchObject({ height: 485 - blocks[index]!.height });
    }
  });
});
