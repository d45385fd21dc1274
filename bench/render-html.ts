/**
 * Pages against a browser launched for each, as published rewards do: node bench/render-html.ts
 *
 * The plain way is Playwright's: launch Chromium, set the page's content, take a screenshot of its whole height, close. It is tried with
 * full Chromium, which is what published rewards launch, where Debian's package is installed (apt-get install chromium, for this
 * measurement only); and with the headless shell that our renderer uses, which starts in half the time.
 */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { createRenderService } from '@pentimento/render';
import { findChromium } from '../libs/sandbox/src/browser/chromium.ts';
import { findExecutable } from '../libs/sandbox/src/isolation/executable.ts';
import { compare, report, type Fixture } from './render/comparison.ts';

const shell = findChromium(process.env['PENTIMENTO_CHROMIUM']);
if (shell === undefined) throw new Error('Chromium is not installed: run "npm run setup -- --only html".');
const full = findExecutable(['/usr/lib/chromium/chromium'], undefined);

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

const launching =
  (executablePath: string) =>
  async ({ code, size: viewport }: Fixture): Promise<void> => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport });
      await page.setContent(code, { waitUntil: 'load' });
      await page.screenshot({ fullPage: true });
    } finally {
      await browser.close();
    }
  };

const renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
try {
  for (const executablePath of [shell, full].filter((path) => path !== undefined)) {
    console.log(`  against launching ${executablePath}`);
    report('html', await compare('html', fixtures, launching(executablePath), renderers));
  }
} finally {
  await renderers.close();
}
