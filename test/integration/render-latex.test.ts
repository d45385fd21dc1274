import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples');
const size = { width: 400, height: 300 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, deadlineMs: 40_000, cacheBytes: 0 });
  const states = await renderers.states();
  expect(states.find((state) => state.language === 'latex')).toMatchObject({ available: true, isolation: 'sandbox' });
});
afterAll(() => renderers.close());

const render = (code: string, target = size): Promise<RenderResult> =>
  renderers.render({ language: 'latex', code, size: target, trusted: false }, noAbort);

async function renderCode(code: string, target = size): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code, target);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

async function fail(code: string): Promise<RenderResult & { status: 'failed' }> {
  const result = await render(code);
  expect(result).toMatchObject({ status: 'failed' });
  return result as RenderResult & { status: 'failed' };
}

const disc = '\\fill[teal] (0,0) circle (1);';
const tikz = (inner = disc): string => `\\begin{tikzpicture}${inner}\\end{tikzpicture}`;
const document = (body: string, head = '\\usepackage{tikz}'): string =>
  `\\documentclass[border=2pt]{standalone}\n${head}\n\\begin{document}\n${body}\n\\end{document}\n`;

async function middleOf({ image, width, height }: { image: Uint8Array; width: number; height: number }) {
  const spot = { left: width >> 1, top: height >> 1, width: 1, height: 1 };
  return [...(await sharp(image).extract(spot).raw().toBuffer())];
}

/** Renders the same document several times, so that a format of its preamble is made and used. */
async function renderOften(code: string): Promise<string[]> {
  const images: string[] = [];
  for (let time = 0; time < 6; time++) images.push(Buffer.from((await renderCode(code)).image).toString('base64'));
  return images;
}

describe('the examples', () => {
  it.each(['commutative', 'pgfplot'])('%s is rendered like its target', async (name) => {
    const target = readFileSync(resolve(examples, `${name}.png`));
    const { width = 0, height = 0 } = await sharp(target).metadata();
    const output = await renderCode(readFileSync(resolve(examples, `${name}.tex`), 'utf8'), { width, height });
    expect(output).toMatchObject({ width, height, log: '' });
    const [a, b] = await Promise.all(
      [output.image, target].map((png) => sharp(png).flatten({ background: '#fff' }).raw().toBuffer()),
    );
    expect(a!.equals(b!)).toBe(true);
  });
});

describe('a figure', () => {
  it('fits the target and is opaque, in sRGB, with its text', async () => {
    const output = await renderCode(document(tikz(`${disc}\\node[white] {Round thing};`)));
    expect(output.renderer).toMatch(/^latex pdftex-\S+ texlive-\S+ poppler-\S+/);
    expect(output).toMatchObject({ height: 300, text: 'Round thing' });
    expect(await sharp(output.image).metadata()).toMatchObject({ format: 'png', channels: 3, space: 'srgb' });
  });

  it.each([
    [
      'an article',
      (body: string) => `\\documentclass{article}\\usepackage{tikz}\\begin{document}${body}\\end{document}`,
    ],
    ['a snippet', (body: string) => body],
  ])('is not cut off if it is wider than a line of %s', async (_, around) => {
    const wide = tikz('\\fill[teal] (0,0) rectangle (25,3); \\fill[red] (24,0) rectangle (25,3);');
    const { image, width, height } = await renderCode(around(`\\begin{center}${wide}\\end{center}`));
    expect(width / height).toBeGreaterThan(6);
    const spot = { left: Math.round(width * 0.97), top: height >> 1, width: 1, height: 1 };
    expect([...(await sharp(image).extract(spot).raw().toBuffer())]).toEqual([255, 0, 0]);
  });

  it('is the first page', async () => {
    const output = await renderCode(
      `\\documentclass[tikz]{standalone}\\begin{document}${tikz()}${tikz('\\fill[red] (0,0) circle (1);')}\\end{document}`,
    );
    expect(await middleOf(output)).toEqual([0, 128, 128]);
  });

  it('has correct references, which takes a second run', async () => {
    const code = document(
      '\\begin{minipage}{8cm}See \\ref{a}.\\begin{equation}\\label{a}x=1\\end{equation}\\end{minipage}',
    );
    const { text, log } = await renderCode(code);
    expect(text).toContain('See 1.');
    expect(log).toBe('');
  });

  it('has characters that the font lacks in its log', async () => {
    const { log } = await renderCode(document(`${tikz()}\\usefont{OML}{cmm}{m}{it}\\char200`));
    expect(log).toMatch(/^Missing character/);
  });
});

describe('code in many styles', () => {
  it.each([
    ['an article', `\\documentclass[12pt]{article}\n\\usepackage{tikz}\n\\begin{document}\n${tikz()}\n\\end{document}`],
    [
      'a figure',
      `\\documentclass{article}\\usepackage{tikz}\\begin{document}\\begin{figure}\\centering${tikz()}\\caption{A disc}\\end{figure}\\end{document}`,
    ],
    [
      'colors by option',
      `\\documentclass{article}\n\\usepackage[dvipsnames]{xcolor}\n\\usepackage{tikz}\n\\begin{document}${tikz('\\fill[Maroon] (0,0) circle (1);')}\\end{document}`,
    ],
    ['a bare figure', tikz('\\draw[-{Stealth}] (0,0) -- ($(1,1)+(1,0)$);')],
    [
      'a figure with lines for the preamble',
      `\\usetikzlibrary{hobby-not,calc}`.replace('hobby-not,', '') +
        `\n\\definecolor{c}{RGB}{9,9,99}\n${tikz('\\fill[c] (0,0) circle (1);')}`,
    ],
    ['bare paths', '\\draw[thick] (0,0) -- (2,1);\n\\node at (1,1) {A};'],
    ['a bare plot', '\\begin{axis}[grid=both]\\addplot[domain=0:3]{x^2};\\end{axis}'],
    [
      'a surface',
      '\\begin{tikzpicture}\\begin{axis}[view={30}{40}]\\addplot3[surf,samples=8]{x*y};\\end{axis}\\end{tikzpicture}',
    ],
    [
      'a group of plots',
      '\\begin{tikzpicture}\\begin{groupplot}[group style={group size=2 by 1},width=4cm]\\nextgroupplot\\addplot{x};\\nextgroupplot\\addplot{-x};\\end{groupplot}\\end{tikzpicture}',
    ],
    ['a circuit', '\\begin{circuitikz}\\draw (0,0) to[R,l=$R_1$] (2,0) to[C] (4,0) node[ground]{};\\end{circuitikz}'],
    ['a molecule', '\\chemfig{A*6(-B=C-D=E-)}'],
    ['a diagram', '\\begin{tikzcd} A \\arrow[r, "f"] & B \\end{tikzcd}'],
    ['a formula without dollars', '\\int_0^1 \\frac{x^2}{1+x}\\,dx'],
    ['aligned equations', '\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}'],
    [
      'a table',
      '\\begin{tabular}{lr}\\toprule Name & \\multirow{2}{*}{Size} \\\\\\midrule a & \\\\\\bottomrule\\end{tabular}',
    ],
    ['a document without a class', `\\usepackage{tikz}\n\\begin{document}\n${tikz()}\n\\end{document}`],
    [
      'a beamer slide',
      `\\documentclass{beamer}\\usepackage{tikz}\\begin{document}\\begin{frame}{Title}${tikz()}\\end{frame}\\end{document}`,
    ],
    ['a report', `\\documentclass{report}\\usepackage{tikz}\\begin{document}\\chapter{One}${tikz()}\\end{document}`],
    ['UTF-8 and a byte order mark', `\ufeff${document('Größe: 5\\,µm – é')}`],
  ])('%s is rendered', async (_, code) => {
    await renderCode(code);
  });

  it.each([
    [
      'xelatex',
      document('\\tikz\\node{Grün Ελλάδα};', '\\usepackage{fontspec}\\setmainfont{DejaVu Sans}\\usepackage{tikz}'),
      /Ελλάδα/,
    ],
    ['lualatex', document('\\tikz\\node{\\directlua{tex.print(6*7)}};'), /42/],
  ])('code for %s is rendered by it', async (_, code, text) => {
    expect((await renderCode(code)).text).toMatch(text);
  });
});

describe('the same code is rendered to the same bytes', () => {
  it.each([
    [
      'a figure',
      document(tikz(`${disc}\\node{\\today};`), '\\usepackage{tikz}\n\\usetikzlibrary{calc}\n\\newcommand{\\x}{1}'),
    ],
    [
      'random numbers',
      document(
        '\\begin{tikzpicture}\\foreach \\i in {1,...,20} \\fill (rand,rand) circle (1pt);\\draw (\\fpeval{rand()},0) circle (1);\\end{tikzpicture}',
        '\\usepackage{tikz,xfp}',
      ),
    ],
    ['a bare plot', '\\begin{axis}\\addplot[only marks,samples=20]{rnd};\\end{axis}'],
  ])('%s, with a format and without', async (_, code) => {
    expect(new Set(await renderOften(code)).size).toBe(1);
  });

  it('in other slots and other processes', async () => {
    const code = document(tikz());
    const expected = await renderCode(code);
    const others = createRenderService({ concurrency: 2, deadlineMs: 40_000, cacheBytes: 0 });
    try {
      const request = { language: 'latex' as const, code, size, trusted: false };
      const output = await Promise.all([1, 2, 3, 4].map(() => others.render(request, noAbort)));
      for (const { status, ...result } of output) expect({ status, ...result, ms: 0 }).toEqual({ ...expected, ms: 0 });
    } finally {
      await others.close();
    }
  });
});

describe('a format', () => {
  it('is never used for another preamble', async () => {
    const colored = (color: string): string =>
      document(tikz('\\fill[mine] (0,0) circle (1);'), `\\usepackage{tikz}\\colorlet{mine}{${color}}`);
    await renderOften(colored('teal'));
    expect(await middleOf(await renderCode(colored('red')))).toEqual([255, 0, 0]);
    expect(await middleOf(await renderCode(colored('teal')))).toEqual([0, 128, 128]);
  });

  it('does not change a failure: the outcome is that of the whole document', async () => {
    const head = '\\usepackage{tikz}\n\\ifcsname dumped\\endcsname\\else\\def\\dumped{}\\fi\n\\def\\tone{teal}';
    await renderOften(document(tikz('\\fill[\\tone] (0,0) circle (1);'), head));
    const { kind, message } = await fail(document('text\n\\undefinedthing', head));
    expect(kind).toBe('syntax');
    expect(message).toBe('! Undefined control sequence.\nl.7 \\undefinedthing');
  });

  it('is not made if a preamble contains files', async () => {
    const code = document(
      '\\begin{tikzpicture}\\begin{axis}\\addplot table {points.dat};\\end{axis}\\end{tikzpicture}',
      '\\usepackage{pgfplots}\n\\begin{filecontents*}{points.dat}\nx y\n1 2\n2 3\n\\end{filecontents*}',
    );
    expect(new Set(await renderOften(code)).size).toBe(1);
  });
});

describe('a failure', () => {
  it.each([
    [
      'an undefined command',
      document('\\begin{tikzpicture}\n\\foo{bar};\n\\end{tikzpicture}'),
      'syntax',
      /^! Undefined control sequence\.\nl\.5 \\foo\n {4}\{bar\};$/,
    ],
    [
      'one in the first line of a snippet',
      tikz('\\draw (0,0) -- (Q);'),
      'syntax',
      /^! Package pgf Error: No shape named `Q' is known\.\nl\.1 \\begin\{tikzpicture\}\\draw \(0,0\) -- \(Q\)/,
    ],
    [
      'an environment that does not end',
      document('\\begin{tikzpicture}\\draw (0,0);'),
      'syntax',
      /^The \\begin\{tikzpicture\} in line 4 has no \\end/,
    ],
    [
      'a package that is not installed',
      document('x', '\\usepackage{no-such-package}'),
      'syntax',
      /^The package no-such-package is not installed here[^]*l\.2 \\usepackage\{no-such-package\}$/,
    ],
    [
      'an image from a file',
      document('\\includegraphics{photo.png}', '\\usepackage{graphicx}'),
      'syntax',
      /^There is no image photo|photo\.png/,
    ],
    ['an absolute path', document('\\input{/etc/passwd}'), 'blocked', /^A render may not open \/etc\/passwd/],
    ['a file put into the PDF', document('\\immediate\\pdfobj stream file {/etc/passwd}x'), 'blocked', /\/etc\/passwd/],
    ['a file written outside', document('\\newwrite\\f\\immediate\\openout\\f=/tmp/out x'), 'blocked', /\/tmp\/out/],
    ['endless recursion', document('\\def\\a{x\\a x}\\a'), 'memory', /^! TeX capacity exceeded/],
    ['no page', '\\documentclass{report}\\begin{document}\\end{document}', 'empty', /^The document has no page/],
    ['a blank page', '\\documentclass{report}\\begin{document}\\null\\end{document}', 'empty', /^The page is blank/],
    ['an enormous page', document('\\rule{500cm}{500cm}'), 'too-large', /pixels is too large/],
  ])('about %s has its kind and a helpful message', async (_, code, kind, message) => {
    const failure = await fail(code);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
    expect(Buffer.byteLength(failure.message)).toBeLessThanOrEqual(2048);
  });

  it.each([
    ['only white is drawn', document('\\tikz\\fill[white] (0,0) circle (1);')],
    ['the document is empty', document('')],
  ])('is none where %s: that is an image, whose log says so', async (_, code) => {
    const { log } = await renderCode(code);
    expect(log).toMatch(/^The image is one single color/);
  });

  it('does not come from \\write18, which does nothing', async () => {
    await renderCode(document(`\\immediate\\write18{touch /tmp/pentimento-was-here}${tikz()}`));
  });

  it.each([
    ['an endless loop', document('\\loop\\iftrue\\repeat')],
    ['an endless document', document('\\loop\\shipout\\hbox{\\vrule width9pt height9pt}\\iftrue\\repeat')],
    ['an endless loop in Lua', document('\\directlua{while true do end}')],
  ])('of %s comes at the deadline, and the next render is right', async (_, code) => {
    const deadlineMs = 1500;
    const impatient = createRenderService({ concurrency: 1, deadlineMs, cacheBytes: 0 });
    try {
      const request = { language: 'latex' as const, size, trusted: false };
      const result = await impatient.render({ ...request, code }, noAbort);
      expect(result).toMatchObject({ status: 'failed' });
      expect(['timeout', 'too-large']).toContain(result.status === 'failed' && result.kind);
    } finally {
      await impatient.close();
    }
    expect(await middleOf(await renderCode(document(tikz())))).toEqual([0, 128, 128]);
  });

  it("is none if the signal aborts: the render rejects with the signal's reason", async () => {
    const caller = new AbortController();
    const reason = new Error('enough');
    const request = { language: 'latex' as const, code: document('\\loop\\iftrue\\repeat'), size, trusted: false };
    const rendering = renderers.render(request, caller.signal);
    caller.abort(reason);
    await expect(rendering).rejects.toBe(reason);
    await renderCode(document(tikz()));
  });
});

it('renders the same without a sandbox if the setting allows it, and leaves no file', async () => {
  const code = document(tikz());
  const expected = await renderCode(code);
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'render-latex-test-'));
  const bare = createRenderService({
    concurrency: 1,
    deadlineMs: 40_000,
    cacheBytes: 0,
    bubblewrap: null,
    allowUnsandboxed: true,
    temporaryFolder,
  });
  try {
    const request = { language: 'latex' as const, code, size, trusted: false };
    for (let time = 0; time < 4; time++) {
      expect({ ...(await bare.render(request, noAbort)), ms: 0 }).toEqual({ ...expected, ms: 0 });
    }
    await bare.close();
    expect(await readdir(temporaryFolder)).toEqual([]);
  } finally {
    await bare.close();
    await rm(temporaryFolder, { recursive: true });
  }
});
