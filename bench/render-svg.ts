/**
 * The SVG renderer against the plain way, a fresh Python with CairoSVG for each render, as published rewards do:
 * node bench/render-svg.ts
 *
 * The plain way needs Debian's python3-cairosvg (apt-get install python3-cairosvg), for this measurement only. "imported" is the
 * same without the start of Python: CairoSVG in a process that stands, which is timed inside that process and has no sandbox.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createRenderers } from '../libs/render/src/index.ts';

const rounds = 9;
const python = '/usr/bin/python3';
const never = new AbortController().signal;
const size = { width: 800, height: 600 };

const example = (name: string): string => readFileSync(resolve(import.meta.dirname, `../examples/${name}.svg`), 'utf8');
const fixtures: [name: string, code: string][] = [
  ['badge', example('badge')],
  ['isometric', example('isometric')],
  ['2000 paths', paths(2000)],
  ['10000 paths', paths(10_000)],
];

const hasCairo = spawnSync(python, ['-c', 'import cairosvg']).status === 0;
if (!hasCairo) console.log('CairoSVG is not installed: only the renderer is timed.');
const renderers = createRenderers({ slots: 1, cacheBytes: 0 });
console.log(
  `median ms of ${rounds} rounds, the ways in turn\n${'drawing'.padEnd(14)}   plain imported    ours  ratio to plain, imported`,
);
for (const [name, code] of fixtures) {
  await draw(code);
  const plain: number[] = [];
  const imported: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (hasCairo) {
      const startedAt = performance.now();
      imported.push(drawPlainly(code));
      plain.push(performance.now() - startedAt);
    }
    const startedAt = performance.now();
    await draw(code);
    ours.push(performance.now() - startedAt);
  }
  const ms = (values: number[]): string => (values.length ? median(values).toFixed(0) : '-').padStart(8);
  const ratio = (theirs: number[]): string =>
    theirs.length ? `${median(theirs.map((value, round) => value / ours[round]!)).toFixed(1)}x`.padStart(7) : '-';
  console.log(`${name.padEnd(14)}${ms(plain)} ${ms(imported)} ${ms(ours)} ${ratio(plain)} ${ratio(imported)}`);
}
await renderers.close();

async function draw(code: string): Promise<void> {
  const result = await renderers.render({ language: 'svg', code, size, trusted: false }, never);
  if (result.status !== 'ok') throw new Error(result.message);
}

/** The time that CairoSVG itself took, ms. */
function drawPlainly(code: string): number {
  const program = `import sys, time, cairosvg
code = sys.stdin.buffer.read()
start = time.perf_counter()
cairosvg.svg2png(bytestring=code, output_width=${size.width}, output_height=${size.height})
print((time.perf_counter() - start) * 1000)`;
  const { status, stdout, stderr } = spawnSync(python, ['-c', program], { input: code, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Small filled curves of many colours over each other, as a traced picture has them; the same each time. */
function paths(count: number): string {
  let seed = 1;
  const next = (range: number): number => (seed = (seed * 48_271) % 2_147_483_647) % range;
  const body = Array.from({ length: count }, () => {
    const points = Array.from({ length: 9 }, () => `${next(60) - 30} ${next(60) - 30}`).join(' ');
    const colour = next(0x1000000).toString(16).padStart(6, '0');
    return `<path d="M${next(800)} ${next(600)}c${points}z" fill="#${colour}" stroke="black" stroke-width=".5"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">${body.join('')}</svg>`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
