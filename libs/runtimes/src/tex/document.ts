import { commandsNamed, leadingCommands, readCommand, skipBlank, withoutComments, type Command } from './commands.ts';
import { snippetPreamble } from './packages.ts';

export type Engine = 'pdflatex' | 'xelatex' | 'lualatex';

/** A whole document for TeX. It has the same lines as the code: every addition is within a line. */
export interface TexDocument {
  engine: Engine;
  source: string;
  /** What was added to the code and is left out of error messages. */
  additions: string[];
  /** What determines the size of the page: the author's paper, a figure, a line with its contents, or the contents of a snippet. */
  crop: 'none' | 'tikz' | 'varwidth' | 'preview';
}

/**
 * The document that a model's code means: an article is cropped, a snippet wrapped, and anything else unchanged.
 *
 * @param overhang how far something extends beyond its line, in TeX points: a cropped page gets that much wider on its right.
 */
export function readDocument(code: string, overhang = 0): TexDocument {
  const text = code.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const bare = withoutComments(text);
  const engine = engineOf(text, bare);
  const seed = seedOf[engine];
  const border = borderWith(overhang);
  const document = /\\documentclass\b/.test(bare) ? cropped(text, bare, border) : wrapped(text, bare, border);
  return { ...document, engine, source: seed + document.source, additions: [seed, ...document.additions] };
}

/** Makes figures that use random numbers the same each time. */
export const seedOf: Record<Engine, string> = {
  pdflatex: '\\pdfsetrandomseed 1\\relax ',
  xelatex: '\\setrandomseed 1\\relax ',
  lualatex: '\\directlua{math.randomseed(1)tex.init_rand(1)}',
};

/** Packages that only work with one engine. */
export const packagesOfEngines = {
  xelatex: ['fontspec', 'unicode-math', 'polyglossia', 'mathspec', 'xeCJK', 'xltxtra', 'xunicode', 'ctex'],
  lualatex: ['luacode', 'luatexja', 'luamplib', 'tikz-feynman'],
};

/** By the editor's comment, else by features of a single engine. Of the two engines that take any font, XeTeX starts faster. */
function engineOf(text: string, bare: string): Engine {
  const requested = /^%[ !]{1,9}TEX (?:TS-)?program ?= ?(\w{1,20})/im.exec(text)?.[1]?.toLowerCase();
  if (requested?.startsWith('lua')) return 'lualatex';
  if (requested?.startsWith('xe')) return 'xelatex';
  const loaded = new Set(
    packagesOf(bare)
      .flatMap(({ groups }) => groups[0]?.split(',') ?? [])
      .map((name) => name.trim()),
  );
  if (/\\(?:directlua|luaexec|luadirect)\b|\{luacode\*?\}|graph drawing/.test(bare)) return 'lualatex';
  if (packagesOfEngines.lualatex.some((name) => loaded.has(name))) return 'lualatex';
  const isChinese = commandsNamed(bare, 'documentclass').some(({ groups }) => groups[0]?.startsWith('ctex'));
  return isChinese || packagesOfEngines.xelatex.some((name) => loaded.has(name)) ? 'xelatex' : 'pdflatex';
}

type DocumentWithoutEngine = Omit<TexDocument, 'engine'>;

/** That of the published reward. */
const borderMillimeters = 3.14;
export const borderPoints = (borderMillimeters * 72.27) / 25.4;

const borderWith = (overhang: number): string => {
  const side = `${borderMillimeters}mm`;
  return overhang === 0
    ? `border=${side}`
    : `border={${side} ${side} ${(borderPoints + overhang).toFixed(2)}pt ${side}}`;
};

/**
 * Turns an article into a standalone figure, as the published reward does, and leaves other classes unchanged. The published reward
 * drops the options, and keeps pages that show more than a figure; here the options are kept, and the page is cropped to its contents.
 */
function cropped(text: string, bare: string, border: string): DocumentWithoutEngine {
  const at = bare.search(/\\documentclass\b/);
  const command = readCommand(text, at);
  if (!command || command.groups[0]?.trim() !== 'article') return { source: text, additions: [], crop: 'none' };
  const crop = cropOf(bare);
  const options = [crop, border, ...command.options].map(onOneLine).join(', ');
  const ahead = crop === 'tikz' ? passedOptions(packageOptions(packagesOf(bare))) : '';
  const lines = text.slice(at, command.end).replace(/[^\n]/g, '');
  const added = `${ahead}\\documentclass[${options}]{standalone}`;
  return { source: text.slice(0, at) + added + lines + text.slice(command.end), additions: [ahead], crop };
}

const packagesOf = (bare: string): Command[] => [
  ...commandsNamed(bare, 'usepackage'),
  ...commandsNamed(bare, 'RequirePackage'),
];

/** `tikz` makes each figure a page; `varwidth` makes one page as wide as its contents. */
function cropOf(bare: string): 'tikz' | 'varwidth' {
  const body = /\\begin\s*\{document\}([^]*)/.exec(bare)?.[1] ?? '';
  return /^\s*(?:\\(?:centering|noindent|pagestyle\{empty\}|thispagestyle\{empty\})\s*)*\\begin\s*\{tikzpicture\}/.test(
    body,
  )
    ? 'tikz'
    : 'varwidth';
}

/** Commands at the start of a snippet that belong in the preamble. */
const preambleCommands = new Set(
  [
    'usepackage RequirePackage PassOptionsToPackage usetikzlibrary usepgfplotslibrary usepgflibrary pgfplotsset tikzset ctikzset',
    'setchemfig definecolor colorlet newcommand renewcommand providecommand DeclareMathOperator sisetup tdplotsetmaincoords',
  ].flatMap((line) => line.split(' ')),
);

function wrapped(text: string, bare: string, border: string): DocumentWithoutEngine {
  const own = leadingCommands(text, preambleCommands);
  const hoisted = own.at(-1)?.end ?? 0;
  const passed = passedOptions(packageOptions(own));
  const head = `\\documentclass[preview, ${border}]{standalone}${passed}${snippetPreamble(bare)}`;
  if (/\\begin\s*\{document\}/.test(bare)) return { source: head + text, additions: [head], crop: 'preview' };
  const body = bare.slice(hoisted);
  const [open, close] = enclosure(body);
  const start = `\\begin{document}${open}`;
  const end = `${close}\\end{document}`;
  return {
    source: `${head}${text.slice(0, hoisted)}${start}${withoutEmptyEnd(text.slice(hoisted))}\n${end}\n`,
    additions: [head, start, end],
    crop: 'preview',
  };
}

/** Empty lines after a figure would end a paragraph, which is as wide as a page. */
function withoutEmptyEnd(text: string): string {
  const lines = text.split('\n');
  while (lines.length > 1 && /^\s*(?:%|$)/.test(lines.at(-1)!)) lines.pop();
  return lines.join('\n');
}

/** Most characters of passed options: one list may be meant for thousands of packages. */
const maxPassedLength = 16_384;

/** Passes the author's options to packages that are loaded before the author's own lines, so that they do not clash. */
function passedOptions(optionsOf: Map<string, string>): string {
  let passed = '';
  for (const [name, options] of optionsOf) {
    if (passed.length + options.length + name.length > maxPassedLength) break;
    passed += `\\PassOptionsToPackage{${options}}{${name}}`;
  }
  return passed;
}

const onOneLine = (text: string): string => text.replace(/%[^\n]*(?:\n|$)|\n/g, ' ');

function packageOptions(commands: Command[]): Map<string, string> {
  const options = new Map<string, string>();
  for (const {
    name,
    options: [first],
    groups,
  } of commands) {
    if (name !== 'usepackage' || !first || !groups[0]) continue;
    const given = onOneLine(first);
    for (const wanted of groups[0].split(',')) options.set(wanted.trim(), given);
  }
  return options;
}

const pathCommand = /^\\(?:draw|node|path|fill|filldraw|shade|shadedraw|clip|coordinate|matrix|graph|foreach|pic)\b/;
const plotCommand =
  /^\\begin\s*\{(?:axis|semilogxaxis|semilogyaxis|loglogaxis|groupplot|polaraxis|ternaryaxis|smithchart|scope)\}/;
const formula =
  /[_^]|\\(?:frac|sqrt|sum|int|prod|lim|alpha|beta|partial|nabla|left|mathbb|mathcal|mathbf|infty|begin\s*\{(?:[pbBvV]?matrix|cases|aligned|gathered|array|split)\})/;
const openMath =
  /\$|\\\(|\\\[|\\begin\s*\{(?!(?:[pbBvV]?matrix|smallmatrix|d?cases|aligned|gathered|array|split)\*?\})|\\chem|\\ce\b|\\(?:text|section|item|par)\b\s/;

/** What a snippet needs around it: a figure around paths, mathematics around a formula. */
function enclosure(body: string): [open: string, close: string] {
  const first = body.slice(skipBlank(body, 0));
  const hasFigure = /\\begin\s*\{(?:tikzpicture|circuitikz|tikzcd|forest)\}/.test(body);
  if (!hasFigure && (pathCommand.test(first) || plotCommand.test(first))) {
    const name = /\\ctikzset|\bto\s*\[\s*(?:R|L|C|battery)\b/.test(body) ? 'circuitikz' : 'tikzpicture';
    return [`\\begin{${name}}`, `\\end{${name}}`];
  }
  if (!openMath.test(body) && formula.test(body) && !/\n\s*\n/.test(body.trim())) return ['$\\displaystyle ', '$'];
  return ['', ''];
}
