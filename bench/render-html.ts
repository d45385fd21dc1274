/**
 * The HTML renderer against the plain way, a browser launched for each render: node bench/render-html.ts
 *
 * The plain way is what published rewards do: Playwright launches Chromium, sets the page's content, takes a screenshot of its whole
 * height and closes. It gets the same headless shell, which starts in less than half the time of full Chromium, and no sandbox of ours.
 * "alone" is one render with time in between, as in a refinement, where a page is made ahead; "in a row" is one after another.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { createRenderers } from '../libs/render/src/index.ts';
import { findChromium } from '../libs/render/src/browser/chromium.ts';

const rounds = 9;
const inARow = 6;
const never = new AbortController().signal;
const viewport = { width: 1200, height: 800 };
const executablePath = findChromium(process.env['PENTIMENTO_CHROMIUM']);
if (executablePath === undefined) throw new Error('Chromium is not installed: run "npm run setup -- --only html".');

const example = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../examples/${name}.html`), 'utf8');
const fixtures: [name: string, code: string][] = [
  ['small', '<h1>Hello</h1><p style="color:teal">A paragraph of text.</p>'],
  ['pricing page', example('pricing-page')],
  ['long report', example('long-report')],
  [
    'canvas by script',
    `<canvas id="c" width="800" height="500"></canvas><script>const g = c.getContext('2d');
     for (let i = 0; i < 3000; i++) { g.fillStyle = 'hsl(' + i + ' 60% 50%)'; g.fillRect(i * 37 % 800, i * 61 % 500, 9, 9) }</script>`,
  ],
];

const renderers = createRenderers({ slots: 1, cacheBytes: 0 });
console.log(
  `median ms of ${rounds} rounds, the two ways in turn\n${'page'.padEnd(18)} plain   alone  ratio   in a row  ratio`,
);
for (const [name, code] of fixtures) {
  await draw(code);
  const plain: number[] = [];
  const alone: number[] = [];
  const row: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await timed(() => drawPlainly(code)));
    alone.push(await timed(() => draw(code)));
    row.push(
      (await timed(async () => {
        for (let i = 0; i < inARow; i++) await draw(code);
      })) / inARow,
    );
  }
  const ratio = (ours: number[]): string =>
    `${median(plain.map((ms, round) => ms / ours[round]!)).toFixed(1)}x`.padStart(6);
  const ms = (values: number[]): string => median(values).toFixed(0).padStart(7);
  console.log(`${name.padEnd(18)}${ms(plain)} ${ms(alone)} ${ratio(alone)} ${ms(row).padStart(10)} ${ratio(row)}`);
}
await renderers.close();

async function draw(code: string): Promise<void> {
  const result = await renderers.render({ language: 'html', code, size: viewport, trusted: false }, never);
  if (result.status !== 'ok') throw new Error(result.message);
}

async function drawPlainly(code: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport });
  await page.setContent(code, { waitUntil: 'networkidle' });
  await page.screenshot({ fullPage: true });
  await browser.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
