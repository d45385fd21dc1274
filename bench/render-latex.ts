/**
 * What a render of LaTeX costs behind the sandbox, against the way of the published reward: node bench/render-latex.ts [ROUNDS]
 *
 * Each document goes through a refinement: its body changes from render to render, its preamble stays. In turn, so that both see
 * the same load, "plain" runs a fresh pdflatex and pdftoppm -png at 300 dpi in a folder, and "ours" is the renderer with one slot,
 * nothing cached but its formats, asked for a target of the same size. Ratios are taken pair by pair; the median is shown, and the
 * first render by itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readDocument } from '../libs/runtimes/src/tex/document.ts';
import { createRenderService, type RenderService } from '../libs/render/src/index.ts';
import { sendRatio } from './render/comparison.ts';

const rounds = Number(process.argv[2] ?? 12);
/** Renders until the preamble's format exists and a TeX with it is ready. */
const warmUp = 3;
/** What a model takes to answer at the least: the renderer prepares the next render meanwhile. */
const pauseMs = 500;
const noAbort = new AbortController().signal;

const read = (name: string): Promise<string> => readFile(new URL(`../examples/${name}.tex`, import.meta.url), 'utf8');
const documents: Record<string, string> = {
  'tikz diagram': await read('commutative'),
  'pgfplots 2D': await read('pgfplot'),
  'bare figure': `\\begin{tikzpicture}[node distance=2cm]
\\node[draw, rounded corners] (a) {Input}; \\node[draw, right of=a] (b) {Model}; \\node[draw, right of=b] (c) {Loss};
\\draw[-{Stealth}] (a) -- (b); \\draw[-{Stealth}] (b) -- (c);
\\end{tikzpicture}`,
  circuit: `\\begin{circuitikz}\\draw (0,0) to[V, v=$U$] (0,3) to[R, l=$R_1$] (3,3) to[C, l=$C$] (3,0) -- (0,0);\\end{circuitikz}`,
  'article, formula': `\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}
\\begin{align} f(x) &= \\int_0^x \\frac{t^2}{1+t}\\,dt \\\\ g(x) &= \\sum_{n=1}^\\infty \\frac{x^n}{n!} \\end{align}\n\\end{document}`,
  molecule: '\\chemfig{*6(-(-OH)=-(-NO_2)=-=)}',
};

const renderers = createRenderService({ concurrency: 1, cacheBytes: 0, deadlineMs: 60_000 });
await renderers.states();
console.log(`${rounds} rounds a document, ${pauseMs} ms between renders; medians`);
const all: number[] = [];
for (const [name, code] of Object.entries(documents)) {
  const ratios: number[] = [];
  const plainMs: number[] = [];
  const ourMs: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const changed = changedBody(code, round);
    const target = await plain(changed);
    const ours = await timeOurs(renderers, changed, target);
    if (round === 0)
      console.log(`${name.padEnd(18)} first: plain ${target.ms.toFixed(0)} ms, ours ${ours.toFixed(0)} ms`);
    if (round < warmUp) await idle();
    else {
      plainMs.push(target.ms);
      ourMs.push(ours);
      ratios.push(target.ms / ours);
    }
    await idle();
  }
  all.push(...ratios);
  console.log(
    `${name.padEnd(18)} plain ${median(plainMs).toFixed(0)} ms, ours ${median(ourMs).toFixed(0)} ms, ratio ${median(ratios).toFixed(2)}`,
  );
}
console.log(`all                ratio ${median(all).toFixed(2)}`);
await renderers.close();
sendRatio('latex', median(all));

interface Plain {
  ms: number;
  width: number;
  height: number;
}

/** Another body each time, of the same size. */
function changedBody(code: string, round: number): string {
  const end = code.lastIndexOf('\\end{');
  const at = end === -1 ? code.length : end;
  return `${code.slice(0, at)}% round ${round}\n${code.slice(at)}`;
}

async function timeOurs(renderer: RenderService, code: string, size: Plain): Promise<number> {
  const startedAt = performance.now();
  const result = await renderer.render({ language: 'latex', code, size, trusted: false }, noAbort);
  if (result.status !== 'ok') throw new Error(result.message);
  return performance.now() - startedAt;
}

async function plain(code: string): Promise<Plain> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'bench-latex-'));
  await writeFile(join(folder, 'main.tex'), readDocument(code, { pages: 'published' }).source);
  await run('pdflatex', ['-interaction=nonstopmode', 'main.tex'], folder);
  await run('pdftoppm', ['-png', '-r', '300', '-singlefile', 'main.pdf', 'main'], folder);
  const png = await readFile(join(folder, 'main.png'));
  const ms = performance.now() - startedAt;
  await rm(folder, { recursive: true });
  const { width, height } = await sharp(png).metadata();
  return { ms, width, height };
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
}

function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
