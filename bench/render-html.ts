/**
 * Pages against a browser launched for each, as published rewards do: node bench/render-html.ts
 *
 * The plain way is Playwright's: launch Chromium, set the page's content, take a screenshot of its whole height, close. It gets the
 * same headless shell, which starts in less than half the time of full Chromium.
 */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { createRenderers } from '@pentimento/render';
import { findChromium } from '../libs/render/src/browser/chromium.ts';
import { compare, report, type Fixture } from './render/comparison.ts';

const executablePath = findChromium(process.env['PENTIMENTO_CHROMIUM']);
if (executablePath === undefined) throw new Error('Chromium is not installed: run "npm run setup -- --only html".');

const size = { width: 1200, height: 800 };
const example = (name: string): string => readFileSync(new URL(`../examples/${name}.html`, import.meta.url), 'utf8');
const fixtures: Fixture[] = [
  { name: 'small', code: '<h1>Hello</h1><p style="color:teal">A paragraph of text.</p>', size },
  { name: 'pricing page', code: example('pricing-page'), size },
  { name: 'long report', code: example('long-report'), size },
  {
    name: 'canvas by script',
    code: `<canvas id="c" width="800" height="500"></canvas><script>const g = c.getContext('2d');
      for (let i = 0; i < 3000; i++) { g.fillStyle = 'hsl(' + i + ' 60% 50%)'; g.fillRect(i * 37 % 800, i * 61 % 500, 9, 9) }</script>`,
    size,
  },
];

async function drawPlainly({ code, size: viewport }: Fixture): Promise<void> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport });
    await page.setContent(code, { waitUntil: 'load' });
    await page.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}

const renderers = createRenderers({ slots: 1, cacheBytes: 0 });
try {
  report('html', await compare('html', fixtures, drawPlainly, renderers));
} finally {
  await renderers.close();
}
