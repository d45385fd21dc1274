import { leadingCommands, readCommand, skipBlank } from './commands.ts';
import { packagesOf } from './engine.ts';
import { passedOptions } from './passed-options.ts';
import { snippetPreamble } from './packages.ts';

/** The environment that a snippet needs around it. */
export type Enclosure = 'none' | 'math' | 'tikzpicture' | 'circuitikz';

export interface Snippet {
  /** Where its lines for the preamble end. */
  hoisted: number;
  /** What its commands need, ahead of its own lines. */
  preamble: string;
  enclosure: Enclosure;
  mayBeMath: boolean;
}

/** Reads code that has no document class. */
export function readSnippet(text: string, bare: string): Snippet {
  const hoisted = endOfPreamble(text, bare);
  const own = packagesOf(bare.slice(0, hoisted));
  const body = bare.slice(hoisted);
  const enclosure = enclosureOf(body);
  return {
    hoisted,
    preamble:
      passedOptions(own) +
      snippetPreamble(
        bare,
        own.flatMap(({ groups }) => groups[0]?.split(',') ?? []),
      ),
    enclosure,
    mayBeMath: enclosure === 'none' && !openMath.test(body) && !words.test(body),
  };
}

/** Commands that only a preamble takes. */
const onlyPreambleCommands = new Set(
  'usepackage RequirePackage PassOptionsToPackage DeclareMathOperator usetikzlibrary usepgfplotslibrary usepgflibrary'.split(
    ' ',
  ),
);

/** Commands at the start of a snippet that belong in the preamble. */
const preambleCommands = new Set([
  ...onlyPreambleCommands,
  ...'pgfplotsset tikzset ctikzset setchemfig definecolor colorlet newcommand renewcommand providecommand sisetup'.split(
    ' ',
  ),
  'tdplotsetmaincoords',
]);

/** After the commands at the start, and after everything up to the last command that only a preamble takes. */
function endOfPreamble(text: string, bare: string): number {
  const leading = leadingCommands(text, preambleCommands).at(-1)?.end ?? 0;
  const last = lastOfPreamble(bare);
  return Math.max(leading, last === undefined ? 0 : (readCommand(text, last)?.end ?? 0));
}

/** Where the last command begins that only a preamble takes, outside of groups and before the first environment. */
function lastOfPreamble(bare: string): number | undefined {
  let last: number | undefined;
  let depth = 0;
  for (const { 0: token, 1: name, index } of bare.matchAll(/\\([a-zA-Z]+)|\\[^]|[{}]/g)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (depth > 0 || name === undefined) continue;
    else if (name === 'begin' && !bare.startsWith('{filecontents', skipBlank(bare, index + token.length))) return last;
    else if (onlyPreambleCommands.has(name)) last = index;
  }
  return last;
}

const pathCommand = /^\\(?:draw|node|path|fill|filldraw|shade|shadedraw|clip|coordinate|matrix|graph|foreach|pic)\b/;
const plotCommand =
  /^\\begin\s*\{(?:axis|semilogxaxis|semilogyaxis|loglogaxis|groupplot|polaraxis|ternaryaxis|smithchart|scope)\}/;
/** Spares a formula that is plain to see the failure that shows it to be one. */
const formula =
  /[_^]|\\(?:frac|sqrt|sum|int|prod|lim|alpha|beta|partial|nabla|left|mathbb|mathcal|mathbf|infty|begin\s*\{(?:[pbBvV]?matrix|cases|aligned|gathered|array|split)\})/;
const openMath =
  /\$|\\\(|\\\[|\\begin\s*\{(?!(?:[pbBvV]?matrix|smallmatrix|d?cases|aligned|gathered|array|split)\*?\})|\\chem|\\ce\b|\\(?:text|section|item|par)\b\s/;
/** Two words of a sentence. */
const words = /(?:^|[^\\{a-zA-Z])[a-zA-Z]{3,30} [a-zA-Z]{3,30}(?:[^a-zA-Z}]|$)/;

function enclosureOf(body: string): Enclosure {
  const first = body.slice(skipBlank(body, 0));
  const hasFigure = /\\begin\s*\{(?:tikzpicture|circuitikz|tikzcd|forest)\}/.test(body);
  if (!hasFigure && (pathCommand.test(first) || plotCommand.test(first))) {
    return /\\ctikzset|\bto\s*\[\s*(?:R|L|C|battery)\b/.test(body) ? 'circuitikz' : 'tikzpicture';
  }
  return !openMath.test(body) && formula.test(body) && !/\n\s*\n/.test(body.trim()) ? 'math' : 'none';
}
