/**
 * Large SVGs compared with a new Python with CairoSVG for each, as published rewards do: node bench/render-svg.ts
 *
 * The plain way needs Debian's python3-cairosvg (apt-get install python3-cairosvg), for this measurement only.
 */
import { spawnSync } from 'node:child_process';
import { createRenderService } from '@pentimento/render';
import { compare, report, type Fixture } from './render/comparison.ts';

const python = '/usr/bin/python3';
const size = { width: 800, height: 600 };
const fixtures: Fixture[] = [
  { name: '2000 paths', code: paths(2000), size },
  { name: '5000 paths', code: paths(5000), size },
];
const script = `import sys, cairosvg
cairosvg.svg2png(bytestring=sys.stdin.buffer.read(), output_width=${size.width}, output_height=${size.height})`;

if (spawnSync(python, ['-c', 'import cairosvg']).status === 0) await measure();
else console.log('  CairoSVG is not installed: nothing to compare with.');

async function measure(): Promise<void> {
  const renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
  try {
    report('svg', await compare('svg', fixtures, renderWithSharp, renderers));
  } finally {
    await renderers.close();
  }
}

async function renderWithSharp({ code }: Fixture): Promise<void> {
  const { status, stderr } = spawnSync(python, ['-c', script], { input: code, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Small filled curves of many colors over each other, as in a traced image; the same each time. */
function paths(count: number): string {
  let seed = 1;
  const next = (range: number): number => (seed = (seed * 48_271) % 2_147_483_647) % range;
  const body = Array.from({ length: count }, () => {
    const points = Array.from({ length: 9 }, () => `${next(60) - 30} ${next(60) - 30}`).join(' ');
    const color = next(0x1000000).toString(16).padStart(6, '0');
    return `<path d="M${next(800)} ${next(600)}c${points}z" fill="#${color}" stroke="black" stroke-width=".5"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">${body.join('')}</svg>`;
}
