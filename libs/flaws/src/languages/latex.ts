import {
  defineFlaws,
  insteadOf,
  namesInstead,
  quoted,
  replacements,
  type FlawSite,
  type OtherNames,
} from '../language-flaws.ts';
import { colorNames, otherColors, otherHex } from '../options/colors.ts';
import { moved, numberPattern, otherNumbers, scaled } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import names from '../names/latex.json' with { type: 'json' };
import { readLatex, type Latex } from '../readers/latex.ts';
import { matchesIn, type Span } from '../readers/span.ts';

const colorPattern = new RegExp(`(?<![\\\\\\w-])(?:${colorNames.join('|')})(?![\\w-])`, 'g');
const number = '-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)';
const unit = '(?:pt|cm|mm|em|ex|in|bp)';
/** `(x,y)`, both plain numbers. */
const coordinates = new RegExp(`\\(\\s*(${number})\\s*,\\s*(${number})\\s*\\)`, 'g');
const sizeOptions = new RegExp(
  `(?<=(?:width|height|radius|scale|minimum size|line width|inner sep|text width|mark size|font size|length|bar width)\\s*=\\s*)${number}`,
  'g',
);
const circleSizes = new RegExp(
  `(?<=(?:circle|ellipse|arc)\\s*(?:\\[[^\\]]*\\])?\\(\\s*)${number}(?=\\s*${unit}?\\s*\\))`,
  'g',
);
const positionOptions = new RegExp(
  `(?<=(?:xshift|yshift|node distance|shift|sep|bend left|bend right|rotate|anchor angle)\\s*=\\s*\\{?\\(?)${number}`,
  'g',
);
const dataOptions = new RegExp(
  `(?<=(?:[xy]min|[xy]max|domain|samples at|step|opacity|pos|slope|near)\\s*=\\s*)${number}`,
  'g',
);

export const latex = defineFlaws<Latex>({
  language: 'latex',
  read: readLatex,
  finders: {
    'wrong-color': wrongColors,
    'wrong-label': (source) => [...source.texts.map((text) => wrongText(text, source)), ...wrongSymbols(source)],
    'wrong-number': (source) => [
      ...wrongData(source),
      ...wrongOptions(source, dataOptions, otherNumbers),
      ...wrongTextNumbers(source),
    ],
    'missing-element': ({ code, statements, rows, items }) =>
      [...statements, ...rows, ...items].map((part) => missingPart(part, code)),
    'extra-element': (source) => [
      ...source.statements.filter(({ command }) => command !== 'addplot').map((part) => copiedStatement(part, source)),
      ...source.plots.map((part) => extraPlot(part, source)),
      ...[...source.rows, ...source.items].map((part) => copiedPart(part, source)),
    ],
    'shifted-part': (source) => [
      ...wrongCoordinates(source),
      ...wrongOptions(source, positionOptions, (text) => [...scaled(text, [2, 0.4]), ...moved(text, [12])]),
      ...wrongWords(
        source,
        source.options,
        names.positions,
        (other, word) => `The place ${other} is given instead of ${word}.`,
      ),
    ],
    'resized-part': (source) => [
      ...wrongOptions(source, sizeOptions, (text) => scaled(text, [0.5, 1.5, 2])),
      ...wrongOptions(source, circleSizes, (text) => scaled(text, [0.5, 1.6, 2.2])),
      ...wrongNames(source, names.sizes, (other, name) => `The size is \\${other} instead of \\${name}.`),
    ],
    'broken-syntax': brokenSyntax,
    'wrong-call': (source) => [
      ...wrongNames(
        source,
        names.commands,
        (other, name) => `The command \\${other} is used where \\${name} is meant.`,
      ),
      ...wrongWords(
        source,
        source.options,
        names.keys,
        (other, key) => `The key ${other} is given where ${key} is meant.`,
      ),
    ],
  },
});

function wrongColors(source: Latex): FlawSite[] {
  const { masked, options, colorArguments, hexColors } = source;
  const named = matchesIn(masked, [...options, ...colorArguments], colorPattern).map(({ start, end, text }) =>
    replacements(start, end, otherColors(text), (color) => `The color ${color} is used instead of ${text}.`),
  );
  const defined = hexColors.map(({ start, end }) => {
    const text = masked.slice(start, end);
    return replacements(start, end, otherHex(text), (color) => `The color ${color} is defined instead of ${text}.`);
  });
  return [...named, ...defined];
}

/** Commands and mathematics are not words. */
const fixedParts = /\\[A-Za-z]+|\\.|\$[^$]*\$|\[[^\]]*\]|\{[^{}]*\}(?=\{)/g;

function wrongText({ start, end }: Span, { code }: Latex): FlawSite {
  const text = code.slice(start, end);
  return replacements(start, end, otherTexts(text, fixedParts), (other) => `The text reads ${insteadOf(other, text)}.`);
}

const wrongSymbols = (source: Latex): FlawSite[] =>
  wrongNames(source, names.symbols, (other, name) => `The symbol is \\${other} instead of \\${name}.`);

/** Numbers of plots and of tables. */
function wrongData({ masked, plots, cells }: Latex): FlawSite[] {
  return matchesIn(masked, [...plots, ...cells], numberPattern).map(({ start, end, text }) =>
    replacements(start, end, otherNumbers(text), (other) => `A number of the data is ${other} instead of ${text}.`),
  );
}

function wrongTextNumbers({ masked, texts, math }: Latex): FlawSite[] {
  return matchesIn(masked, [...texts, ...math], /(?<![\w\\.#{[=])\d+(?:\.\d+)?(?![\w.]*(?:pt|cm|mm|em|ex)\b)/g).map(
    ({ start, end, text }) =>
      replacements(start, end, otherNumbers(text), (other) => `A number in the text is ${other} instead of ${text}.`),
  );
}

function wrongOptions({ masked, body }: Latex, pattern: RegExp, others: (text: string) => string[]): FlawSite[] {
  return matchesIn(masked, [body], pattern).map(({ start, end, text }) => {
    const key = /[\w ]*(?=[\s=({[\]]*$)/.exec(masked.slice(Math.max(0, start - 30), start))?.[0].trim() || 'an option';
    return replacements(start, end, others(text), (other) => `The number of ${key} is ${other} instead of ${text}.`);
  });
}

/** Points of drawings. Those of plots are data. */
function wrongCoordinates({ masked, statements }: Latex): FlawSite[] {
  const paths = statements.filter(({ command }) => command !== 'addplot');
  return matchesIn(masked, paths, coordinates).map(({ start, end, text, groups: [x, y] }) => ({
    start,
    end,
    options: [
      [moved(x!, [0.6])[0], y],
      [x, moved(y!, [0.5])[0]],
      [moved(x!, [-0.5])[0], moved(y!, [0.4])[0]],
    ].map(([otherX, otherY]) => ({
      text: `(${otherX},${otherY})`,
      description: `The point (${otherX},${otherY}) stands instead of ${text}.`,
    })),
  }));
}

/** Names of commands anywhere in the body. */
function wrongNames(
  { masked, body }: Latex,
  others: OtherNames,
  describe: (other: string, name: string) => string,
): FlawSite[] {
  return matchesIn(masked, [body], /(?<=(?<!\\)(?:\\\\)*\\)[A-Za-z]+/g).map(({ start, end, text }) =>
    replacements(start, end, namesInstead(others, text), (other) => describe(other, text)),
  );
}

/** Words of options: a key as a whole, or the value behind its `=`. */
function wrongWords(
  { masked }: Latex,
  spans: readonly Span[],
  others: OtherNames,
  describe: (other: string, word: string) => string,
): FlawSite[] {
  return matchesIn(masked, spans, /(?<=^|[,=\s[{])(?:[A-Za-z][A-Za-z ]*(?:=\*)?|->)(?=\s*(?:$|[,=\]}]))/g)
    .map((match) => ({ ...match, text: match.text.trimEnd(), start: match.start }))
    .map(({ start, text }) =>
      replacements(start, start + text.length, namesInstead(others, text), (other) => describe(other, text)),
    );
}

function missingPart({ start, end }: Span, code: string): FlawSite {
  return { start, end, options: [{ text: '', description: `${quoted(code.slice(start, end))} is missing.` }] };
}

function copiedStatement({ start, end }: Span, { code }: Latex): FlawSite {
  const statement = code.slice(start, end);
  const texts = ['(0.5,0.4)', '(-0.6,0.3)', '(0.2,-0.7)'].map(
    (shift) => ` \\begin{scope}[shift={${shift}}] ${statement} \\end{scope}`,
  );
  return replacements(end, end, texts, (text) => {
    return `There is a second ${quoted(statement)}, moved by ${/shift=\{(.+?)\}/.exec(text)![1]}.`;
  });
}

/** The data of a plot once more, with another look. */
function extraPlot({ start, end }: Span, { code }: Latex): FlawSite {
  const looks = ['red,very thick', 'purple,only marks,mark=diamond*,mark size=5pt'];
  const texts = looks.map((look) => ` \\addplot[${look}] ${code.slice(start, end).trim()}`);
  return replacements(end, end, texts, (text) => `There is an additional plot ${quoted(text)}.`);
}

function copiedPart({ start, end }: Span, { code }: Latex): FlawSite {
  const part = code.slice(start, end);
  return replacements(end, end, [part.startsWith('\n') ? part : `\n${part}`], () => `${quoted(part)} stands twice.`);
}

/** Braces, brackets, semicolons, dollars and environment ends that are missing. */
function brokenSyntax({ masked, body }: Latex): FlawSite[] {
  return matchesIn(masked, [body], /(?<!\\)[}\];$]|\\end\{[^}]*\}|\\begin\{[^}]*\}/g).map(({ start, end, text }) => ({
    start,
    end,
    options: [
      {
        text: '',
        description: `${quoted(text)} is missing behind ${quoted(masked.slice(Math.max(0, start - 25), start))}.`,
      },
    ],
  }));
}
