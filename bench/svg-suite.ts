/**
 * How close the SVG renderer comes to Chromium on a public test suite: node bench/svg-suite.ts FOLDER [--worst N]
 *
 * FOLDER contains SVG files at any depth, e.g. `crates/resvg/tests/tests` of https://github.com/linebender/resvg; a category is a
 * folder's first two levels. Every file is rendered by the renderer and by Chromium. "difference" is the mean absolute one, in levels
 * of 0..255 on white; "to Chromium" is the share of files that the renderer itself sends there, "needlessly" of those that librsvg
 * would have rendered the same (difference below 1).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createRenderer, staticDocument } from '../libs/render/src/languages/svg/renderer.ts';
import { readSvg, svgSize, withSize } from '../libs/svg-source/src/svg-source.ts';
import { warmSvgWorker } from '../libs/render/src/languages/svg/svg-worker-process.ts';
import { warmBrowser } from '../libs/render/src/pages/browser.ts';
import { RenderSlot } from '../libs/render/src/pool/render-slot.ts';
import { renderLimits } from '../libs/render/src/port/limits.ts';
import { findChromium } from '../libs/sandbox/src/browser/chromium.ts';
import { MalformedDocument } from '../libs/sandbox/src/browser/page.ts';
import { SandboxLauncher } from '../libs/sandbox/src/isolation/sandbox-launcher.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { worst: { type: 'string', default: '0' } },
});
const folder = resolve(positionals[0] ?? '.');
const fallback = { width: 200, height: 200 };
const deadlineMs = 20_000;
const noAbort = new AbortController().signal;
const same = 1;

const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });
const chromium = findChromium(process.env['PENTIMENTO_CHROMIUM']);
const slot = new RenderSlot({ launcher, temporaryFolder: '/tmp', chromium, python: undefined });
const svg = slot.shared(createRenderer);
const browser = slot.shared(warmBrowser)!;
const svgWorker = slot.shared(warmSvgWorker);

interface Comparison {
  name: string;
  engine: 'librsvg' | 'chromium' | 'neither';
  /** Null if only one of the two renders it. */
  difference: number | null;
  /** By how much librsvg would have differed, if Chromium rendered it. */
  avoided: number | null;
  ms: number;
}

const comparisons: Comparison[] = [];
for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (path.endsWith('.svg')) comparisons.push(await examine(path));
}
await slot.close();

const categories = Map.groupBy(comparisons, ({ name }) => name.split(sep).slice(0, 2).join('/'));
console.log('category'.padEnd(44), ' files  difference  worst  to Chromium  needlessly  one only   ms');
for (const [category, members] of categories) console.log(category.padEnd(44), summary(members));
console.log('all'.padEnd(44), summary(comparisons));

const worst = comparisons
  .toSorted((a, b) => (b.difference ?? 256) - (a.difference ?? 256))
  .slice(0, Number(values.worst));
for (const { name, difference, engine } of worst) console.log(difference?.toFixed(1) ?? 'one only', engine, name);

async function examine(path: string): Promise<Comparison> {
  const name = relative(folder, join(folder, path));
  const code = readFileSync(join(folder, path), 'utf8');
  const startedAt = performance.now();
  const options = {
    size: fallback,
    deviceScale: 1,
    mode: 'target',
    scripts: true,
    deadlineMs,
    reference: null,
  } as const;
  const output = await svg.render(code, options, noAbort);
  const ms = performance.now() - startedAt;
  const isByChromium = output.renderer.includes('chromium');
  const engine = isByChromium ? 'chromium' : output.renderer.includes('librsvg') ? 'librsvg' : 'neither';
  const second = await (isByChromium ? renderByLibrsvg(code) : renderByChromium(code)).catch(() => null);
  const apart = await differenceOf(output.status === 'ok' ? output.image : null, second);
  return isByChromium
    ? { name, engine, difference: 0, avoided: apart, ms }
    : { name, engine, difference: apart, avoided: null, ms };
}

async function renderByChromium(code: string): Promise<Uint8Array | null> {
  const root = readSvg(code)?.root;
  if (!root) return null;
  const size = svgSize(root, fallback);
  const job = staticDocument('image/svg+xml', withSize(code, root, size), size);
  return browser.use(deadlineMs, noAbort, async (running) => {
    try {
      const limits = { maxSide: renderLimits.maxPageSide, maxPixels: renderLimits.maxPixels };
      return (await running.screenshot({ ...job, limits })).png;
    } catch (error) {
      if (error instanceof MalformedDocument) return null;
      throw error;
    }
  });
}

async function renderByLibrsvg(code: string): Promise<Uint8Array | null> {
  const root = readSvg(code)?.root;
  if (!root) return null;
  const size = svgSize(root, fallback);
  return svgWorker.use(deadlineMs, noAbort, async (worker) => {
    const answer = await worker.render(withSize(code, root, size), size);
    return 'png' in answer ? answer.png : null;
  });
}

/** An image that the renderer reported as empty counts as white. */
async function differenceOf(first: Uint8Array | null, second: Uint8Array | null): Promise<number | null> {
  if (!first && !second) return 0;
  const [a, b] = await Promise.all([first, second].map((png) => png && pixels(png)));
  const length = (a ?? b)!.length;
  if ((a && b && a.length !== b.length) || length === 0) return null;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += Math.abs((a?.[i] ?? 255) - (b?.[i] ?? 255));
  return sum / length;
}

function pixels(png: Uint8Array): Promise<Uint8Array> {
  return sharp(png).flatten({ background: 'white' }).toColourspace('srgb').raw().toBuffer();
}

function summary(members: Comparison[]): string {
  const differences = members.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  const toChromium = members.filter(({ engine }) => engine === 'chromium');
  const needlessly = toChromium.filter(({ avoided }) => avoided !== null && avoided < same);
  const times = members.map(({ ms }) => ms).sort((a, b) => a - b);
  return [
    String(members.length).padStart(6),
    mean(differences).toFixed(2).padStart(11),
    Math.max(0, ...differences)
      .toFixed(1)
      .padStart(6),
    share(toChromium.length, members.length).padStart(12),
    share(needlessly.length, members.length).padStart(11),
    String(members.length - differences.length).padStart(9),
    times[Math.floor(times.length / 2)]!.toFixed(0).padStart(5),
  ].join(' ');
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function share(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}
