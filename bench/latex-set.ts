/**
 * Renders a public set of LaTeX figures by the renderer and by plain pdflatex: node bench/latex-set.ts FOLDER [EVERY]
 *
 * Takes every EVERY-th .tex file of the folder that contains a figure. "compiles": plain pdflatex makes a page of the file in an empty
 * folder within 20 s, unchanged if the file has a document class, else wrapped. "rendered": the renderer, in its sandbox, makes an image.
 * Pages are made the published way, which needs no look at their ink. The pixels are compared with those of plain pdflatex on the document after its class handling, run again if its log asks for that,
 * and rendered by pdftoppm at the same density: once for the first render, and once for a render with a format of the preamble.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { densityFor, readPage } from '../libs/tex-pages/src/page.ts';
import { createRenderer, createTypesetter } from '../libs/render/src/languages/latex/renderer.ts';
import { RenderSlot } from '../libs/render/src/pool/render-slot.ts';
import type { RenderOutput } from '../libs/render/src/port/renderer.ts';
import { readDocument } from '../libs/runtimes/src/tex/document.ts';
import { prefixEnds, prefixesTo } from '../libs/runtimes/src/tex/preamble-prefix.ts';
import { needsAnotherRun } from '../libs/runtimes/src/tex/tex-log.ts';
import { SandboxLauncher } from '../libs/sandbox/src/isolation/sandbox-launcher.ts';

const target = { width: 1024, height: 768 };
const limitMs = 20_000;
const tikzCode = /\\begin\s*\{(?:tikzpicture|circuitikz|tikzcd|axis|forest|ganttchart|chemfig)\}|\\(?:tikz|chemfig)\b/;

const [folder, every = '1'] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder with .tex files.');
const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tex')).sort();
const files: [name: string, code: string][] = [];
for (const name of names) {
  const code = await readFile(join(folder, name), 'utf8').catch(() => '');
  if (tikzCode.test(code)) files.push([name, code]);
}
const chosen = files.filter((_, index) => index % Number(every) === 0);

const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });
const slot = new RenderSlot({
  launcher,
  temporaryFolder: tmpdir(),
  chromium: undefined,
  python: undefined,
});
const latex = slot.shared(createRenderer);
const typesetter = slot.shared(createTypesetter);
const options = {
  size: target,
  deviceScale: 1,
  mode: 'published',
  scripts: true,
  deadlineMs: limitMs,
  reference: null,
} as const;

/** Ctrl-C ends with the counts so far. */
let isStopped = false;
const counts = {
  files: 0,
  compiles: 0,
  rendered: 0,
  same: 0,
  differs: 0,
  withFormat: 0,
  sameWithFormat: 0,
  renderedOnly: 0,
};
process.once('SIGINT', () => (isStopped = true));
for (const [name, code] of chosen) {
  if (isStopped) break;
  counts.files++;
  const document = readDocument(code, { pages: 'published' });
  const isWhole = /\\documentclass/.test(code);
  const asIs = isWhole ? await plain(code, document.engine) : undefined;
  const handled = await plain(document.source, document.engine);
  const compiles = isWhole ? asIs !== undefined : handled !== undefined;
  const first = await render(code);
  if (compiles) counts.compiles++;
  if (first.status !== 'ok') {
    if (compiles)
      console.log(`not rendered: ${name}: ${first.kind}: ${first.message.split('\n').slice(0, 3).join(' | ')}`);
    continue;
  }
  if (compiles) counts.rendered++;
  else counts.renderedOnly++;
  if (!handled) {
    console.log(`rendered alone: ${name}`);
    continue;
  }
  if (await isSame(first, handled)) counts.same++;
  else {
    counts.differs++;
    console.log(`differs: ${name}: ${first.width}x${first.height}`);
  }
  await render(code);
  await typesetter.prepared();
  if (!prefixesTo(prefixEnds(document), document.source).some(({ key }) => typesetter.formats.get(key))) continue;
  const again = await render(code);
  counts.withFormat++;
  if (again.status === 'ok' && (await isSame(again, handled))) counts.sameWithFormat++;
  else console.log(`differs with a format: ${name}: ${again.status}`);
}
console.log(JSON.stringify(counts));
await slot.close();

function render(code: string): Promise<RenderOutput> {
  return latex.render(code, options, new AbortController().signal).catch((error: Error) => ({
    status: 'failed' as const,
    kind: 'timeout' as const,
    message: `${error.name} ${error.message}`,
    renderer: '',
  }));
}

async function isSame(output: RenderOutput & { status: 'ok' }, expected: Buffer): Promise<boolean> {
  const rgb = await sharp(output.image).raw().toBuffer();
  const header = `P6\n${output.width} ${output.height}\n255\n`;
  return expected.equals(Buffer.concat([Buffer.from(header), rgb]));
}

/** The first page as a PPM; undefined if pdflatex fails or makes no page. */
async function plain(source: string, engine: string): Promise<Buffer | undefined> {
  const work = await mkdtemp(join(tmpdir(), 'latex-set-'));
  try {
    await writeFile(join(work, 'main.tex'), source);
    const compile = ['-no-shell-escape', '-halt-on-error', '-interaction=nonstopmode', 'main.tex'];
    if (!(await run(engine, compile, work))) return undefined;
    const log = await readFile(join(work, 'main.log'), 'latin1');
    if (needsAnotherRun({ log, terminal: '' }, source) && !(await run(engine, compile, work))) return undefined;
    const layout = await run('pdftotext', ['-bbox-layout', '-f', '1', '-l', '1', 'main.pdf', '-'], work);
    const page = readPage(layout?.toString('utf8') ?? '');
    if (!page) return undefined;
    const density = densityFor(page, target);
    return await run('pdftoppm', ['-r', String(density), '-f', '1', '-l', '1', '-singlefile', 'main.pdf'], work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The output of the command; undefined if it failed or took too long. */
function run(command: string, args: string[], cwd: string): Promise<Buffer | undefined> {
  const environment = { SOURCE_DATE_EPOCH: '0', FORCE_SOURCE_DATE: '1', TZ: 'UTC', MKTEXPK: '0', MKTEXTFM: '0' };
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks) : undefined));
  });
}
