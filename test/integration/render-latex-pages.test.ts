import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOfColor } from '../support/colors.ts';

const raw = String.raw;
const noAbort = new AbortController().signal;
const anySize = { width: 600, height: 400 };

let ink: RenderService;
let published: RenderService;
beforeAll(() => {
  ink = createRenderService({ concurrency: 1, deadlineMs: 40_000, cacheBytes: 0 });
  published = createRenderService({ concurrency: 1, deadlineMs: 40_000, cacheBytes: 0, mode: 'published' });
});
afterAll(() => Promise.all([ink.close(), published.close()]));

const request = (code: string, size = anySize) => ({ language: 'latex' as const, code, size, trusted: false });

async function draw(code: string, size = anySize, by = ink): Promise<RenderResult & { status: 'ok' }> {
  const result = await by.render(request(code, size), noAbort);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

async function fail(code: string): Promise<string> {
  const result = await ink.render(request(code), noAbort);
  expect(result).toMatchObject({ status: 'failed', kind: 'syntax' });
  return (result as RenderResult & { status: 'failed' }).message;
}

const bar = raw`\begin{tikzpicture}\fill[teal] (0,0) rectangle (5,1);\end{tikzpicture}`;
const article = (body: string, head = '', options = ''): string =>
  raw`\documentclass${options}{article}\usepackage{tikz}${head}
\begin{document}
${body}
\end{document}`;

/** Share of the pixels that are of the color of the bar. */
const shareOfBar = async ({ image, width, height }: RenderResult & { status: 'ok' }): Promise<number> =>
  (await countOfColor(image, '008080', 6)) / (width * height);

describe('a document of a class for paper', () => {
  it.each([
    ['article', article(bar)],
    ['an article on other paper', article(bar, raw`\usepackage{geometry}\geometry{a5paper,left=7mm,top=3cm}`)],
    ['an article with a running head', article(bar, raw`\usepackage{fancyhdr}\pagestyle{fancy}\lhead{A long head}`)],
    ['an article that asks for a head on its page', article(`\\thispagestyle{headings}${bar}`)],
    ['an article with a centered float', article(`\\begin{figure}[p]\\centering${bar}\\end{figure}`)],
    ['two columns with a wide float', article(`\\begin{figure*}${bar}\\end{figure*}`, '', '[twocolumn]')],
    ['an article with a framed link', article(`\\href{https://example.org}{${bar}}`, raw`\usepackage{hyperref}`)],
    ['a report', article(bar).replace('{article}', '{report}')],
    ['a letter', article(`\\begin{letter}{}${bar}\\end{letter}`).replace('{article}', '{letter}')],
    ['a class of KOMA-Script', article(bar).replace('{article}', '{scrartcl}')],
  ])('is cropped to its ink: %s', async (_, code) => {
    const render = await draw(code);
    expect(render.width / render.height).toBeGreaterThan(4.5);
    expect(await shareOfBar(render)).toBeGreaterThan(0.9);
  });

  it('has the size of its ink in whole points', async () => {
    // Ghostscript finds the box 133 646 204 718 on this page.
    const code = raw`\documentclass{article}\pagestyle{empty}\setlength\parindent{0pt}\begin{document}
\rule{70.2bp}{70.2bp}
\end{document}`;
    const { width, height } = await draw(code, { width: 710, height: 720 });
    expect({ width, height }).toEqual({ width: 710, height: 720 });
  });

  it.each([
    [
      'algorithm',
      raw`\usepackage{algorithm,algpseudocode}`,
      raw`\begin{algorithm}\caption{Steps}\begin{algorithmic}\State $a \gets 1$\end{algorithmic}\end{algorithm}`,
      /Algorithm 1 Steps/,
    ],
    [
      'algorithm2e',
      raw`\usepackage{algorithm2e}`,
      raw`\begin{algorithm}\KwIn{$n$}\caption{Steps}\end{algorithm}`,
      /Algorithm 1: Steps/,
    ],
    [
      'wrapfigure',
      raw`\usepackage{wrapfig}`,
      raw`\begin{wrapfigure}{l}{6cm}${bar}\caption{Beside}\end{wrapfigure} Words at its side.`,
      /Words at its side[^]*Figure 1: Beside|Figure 1: Beside[^]*Words at its side/,
    ],
    [
      'sidewaysfigure',
      raw`\usepackage{rotating}`,
      raw`\begin{sidewaysfigure}${bar}\caption{Turned}\end{sidewaysfigure}`,
      /Turned/,
    ],
    ['mdframed', raw`\usepackage{mdframed}`, raw`\begin{mdframed}Framed words\end{mdframed}`, /Framed words/],
    [
      'subfigure',
      raw`\usepackage{subcaption}`,
      raw`\begin{figure}\centering\begin{subfigure}{5cm}${bar}\caption{left}\end{subfigure}\caption{All}\end{figure}`,
      /\(a\) left[^]*Figure 1: All/,
    ],
  ])('has what floats: %s', async (_, head, body, text) => {
    expect((await draw(article(body, head))).text).toMatch(text);
  });

  it('is drawn whole where its picture is wider or taller than the paper, as far as it begins on it', async () => {
    const wide = await draw(
      article(raw`\noindent\begin{tikzpicture}\fill[teal] (0,0) rectangle (40,2);\end{tikzpicture}`),
    );
    expect(wide.width / wide.height).toBeGreaterThan(15);
    const tall = await draw(
      article(raw`\noindent\begin{tikzpicture}\fill[teal] (0,0) rectangle (2,40);\end{tikzpicture}`),
    );
    expect(tall.height / tall.width).toBeGreaterThan(15);
  });
});

describe('of several pages', () => {
  const disc = (color: string): string => raw`\begin{tikzpicture}\fill[${color}] (0,0) circle (1);\end{tikzpicture}`;
  const middleOf = async ({ image, width, height }: RenderResult & { status: 'ok' }): Promise<number[]> => [
    ...(await sharp(image)
      .extract({ left: width >> 1, top: height >> 1, width: 1, height: 1 })
      .raw()
      .toBuffer()),
  ];

  it.each([
    [
      'an article',
      article(`${disc('red')}\\newpage${disc('blue')}`),
      [255, 0, 0],
      'The document has 2 pages: page 1 is shown.',
    ],
    [
      'an article that begins with an empty page',
      article(`\\null\\newpage${disc('blue')}`),
      [0, 0, 255],
      'The document has 2 pages: page 2 is shown.',
    ],
    [
      'a standalone document with a figure in another environment',
      raw`\documentclass[tikz,border=2mm]{standalone}\begin{document}\begin{center}${disc('blue')}\end{center}\end{document}`,
      [0, 0, 255],
      'The document has 2 pages: page 2 is shown.',
    ],
  ])('%s shows the first that is not blank, and says so', async (_, code, color, log) => {
    const render = await draw(code);
    expect(await middleOf(render)).toEqual(color);
    expect(render.log).toBe(log);
  });

  it('an article of blank pages is empty', async () => {
    expect(await ink.render(request(article(raw`\null\newpage\null`)), noAbort)).toMatchObject({
      status: 'failed',
      kind: 'empty',
      message: 'The page is blank: nothing is drawn on it.',
    });
  });
});

describe('a snippet', () => {
  it.each([
    ['a function', raw`\cos \omega t`, raw`\[ \cos \omega t \]`],
    ['upright letters', raw`\mathrm{d} y = \operatorname{sgn} z`, raw`\[ \mathrm{d} y = \operatorname{sgn} z \]`],
    ['a formula', raw`\frac{1}{n}`, raw`\[ \frac{1}{n} \]`],
    ['a tag', raw`e = 1 \tag{7}`, raw`\begin{equation*} e = 1 \tag{7} \end{equation*}`],
    ['aligned lines', raw`\sin t &= u \\ \cos t &= v`, raw`\begin{align*} \sin t &= u \\ \cos t &= v \end{align*}`],
  ])('that is %s without dollars is mathematics', async (_, code, same) => {
    expect(Buffer.compare((await draw(code)).image, (await draw(same)).image)).toBe(0);
  });

  it.each([
    ['dollars', '$$ a = b $$'],
    ['brackets', raw`\[ a = b \]`],
  ])('that is a formula in %s is cropped to it', async (_, code) => {
    const { width, height } = await draw(code, { width: 600, height: 50 });
    expect(width / height).toBeLessThan(6);
  });

  it('is drawn as the article with the same body', async () => {
    const [snippet, whole] = [await draw(bar), await draw(article(bar))];
    expect(Buffer.compare(snippet.image, whole.image)).toBe(0);
  });

  it.each([
    [
      'loads packages behind a style',
      raw`\usepackage{tikz}
\tikzstyle{mine} = [fill=teal]
\usepackage{amsmath}
\begin{tikzpicture}\node[mine] {$\text{a}$};\end{tikzpicture}`,
    ],
    ['draws a pie', raw`\begin{tikzpicture}\pie{70/teal, 30/red}\end{tikzpicture}`],
    [
      'has an algorithm',
      raw`\begin{algorithm}\caption{Steps}\begin{algorithmic}\State a\end{algorithmic}\end{algorithm}`,
    ],
    ['has parts of a figure', raw`\begin{figure}\begin{subfigure}{4cm}a\caption{one}\end{subfigure}\end{figure}`],
    ['has a frame', raw`\begin{mdframed}words\end{mdframed}`],
    ['has automata', raw`\begin{tikzpicture}\node[state,accepting] {q};\end{tikzpicture}`],
    [
      'fills between plots',
      raw`\begin{axis}\addplot[name path=a]{x};\addplot[name path=b]{0};\addplot[fill=teal] fill between[of=a and b];\end{axis}`,
    ],
  ])('that %s is drawn', async (_, code) => {
    await draw(code);
  });

  it('longer than a page is drawn whole', async () => {
    const { width, height, text } = await draw(Array.from({ length: 90 }, (_, line) => `Line ${line}\\par`).join('\n'));
    expect(height / width).toBeGreaterThan(5);
    expect(text).toMatch(/Line 0[^]*Line 89/);
  });
});

describe('a failure names its reason and its line', () => {
  it.each([
    [
      'no end',
      '\\documentclass{article}\n\\begin{document}\nWords',
      /^The document has no \\end\{document\}: it ends in line 3\.\nl\.3 Words$/,
    ],
    [
      'a comment that was meant to be shown',
      '\\begin{tikzpicture}\n\\begin{axis}[xlabel={Part (%)}]\n\\addplot{x};\n\\end{axis}\n\\end{tikzpicture}',
      /^The % in line 2 begins a comment/,
    ],
    [
      'a float in a standalone document',
      raw`\documentclass{standalone}
\begin{document}
\begin{table}\centering x\caption{y}\end{table}
\end{document}`,
      /^In the class standalone nothing can float: leave out \\begin\{table\}[^\n]*\(line 3\)/,
    ],
    ['a brace', '\\documentclass{article}\n\\begin{document}\n\\textbf{Words\n\\end{document}', /line 3/],
  ])('of %s', async (_, code, message) => {
    expect(await fail(code)).toMatch(message);
  });
});

describe('fonts that are not there', () => {
  it.each(['xelatex', 'lualatex'])('have their twins in %s, which is said', async (engine) => {
    const code = raw`% !TeX program = ${engine}
\documentclass{article}\usepackage{fontspec}\setmainfont{Arial}
\begin{document}Words \textbf{bold}\end{document}`;
    const { text, log } = await draw(code);
    expect(text).toBe('Words bold');
    expect(log).toBe('The font Arial is not installed here: Liberation Sans is used.');
  });

  it.each([
    ['ctex', raw`\documentclass{ctexart}\begin{document}你好 x\end{document}`],
    ['xeCJK', raw`\documentclass{article}\usepackage{xeCJK}\setCJKmainfont{SimSun}\begin{document}你好\end{document}`],
    [
      'pdfTeX',
      raw`\documentclass{article}\usepackage{CJKutf8}\begin{document}\begin{CJK}{UTF8}{gbsn}你好\end{CJK}\end{document}`,
    ],
  ])('of Chinese are there by %s', async (_, code) => {
    const { text, log } = await draw(code);
    expect(text).toContain('你好');
    expect(log).not.toContain('Missing');
  });

  it('of European letters are there in all sizes', async () => {
    expect(
      (await draw(raw`\documentclass[11pt]{article}\usepackage[T1]{fontenc}\begin{document}Größe\end{document}`)).text,
    ).toBe('Größe');
  });
});

it('says what an image lacks', async () => {
  const { log } = await draw(
    article(raw`See \ref{none}. \begin{tikzpicture}lost\fill[teal] (0,0) rectangle (1,1);\end{tikzpicture}`),
  );
  expect(log).toBe(
    'Text within a figure is no label and is left out, among it: l o s t\nThe reference "none" is undefined: it is shown as a question mark.',
  );
});

describe('the published way', () => {
  it('gives an article and a snippet a border of 3.14 mm, and is the work of another renderer', async () => {
    const [first, second] = [await draw(article(bar), anySize, published), await draw(article(bar))];
    expect(await shareOfBar(first)).toBeLessThan(0.75);
    expect(first.renderer).toMatch(/ fonts-\w+ published$/);
    expect(second.renderer).toBe(first.renderer.replace(/ published$/, ''));
    expect(await shareOfBar(await draw(bar, anySize, published))).toBeLessThan(0.75);
  });
});
