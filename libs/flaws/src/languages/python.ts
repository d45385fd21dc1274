import type { SyntaxNode } from '@lezer/common';
import {
  defineFlaws,
  insteadOf,
  namesInstead,
  quoted,
  replacements,
  type FlawOption,
  type FlawSite,
} from '../language-flaws.ts';
import { colorNames, otherColors } from '../options/colors.ts';
import { moved, otherNumbers, scaled } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import names from '../names/python.json' with { type: 'json' };
import { readPython, type Python, type PythonCall, type PythonLiteral } from '../readers/python.ts';

const colorKeywords = /color|^(?:c|ec|fc|mfc|mec|cmap|palette|colors)$/;
const colorMaps = [
  'viridis',
  'plasma',
  'coolwarm',
  'Blues',
  'Greens',
  'Reds',
  'RdBu',
  'YlOrRd',
  'tab10',
  'Set2',
  'gray',
];
const textKeywords = /^(?:labels?|title|[xy]label|text|s|name|suptitle|[xy]?ticklabels|names|tick_labels|legend)$/;
const textCalls =
  /^(?:(?:set_)?(?:title|[xy]label|zlabel|suptitle|[xyz]ticklabels|[xy]ticks)|text|figtext|annotate|legend|bar|barh|pie|plot|add_row)$/;
const sizeKeywords =
  /^(?:.*size|s|ms|lw|.*width|width|height|capsize|radius|.*pad_inches|length|bw_adjust|figsize|markeredgewidth)$/;
const positionKeywords =
  /^(?:xy|xytext|bbox_to_anchor|x|y|pad|labelpad|padding|left|right|top|bottom|hspace|wspace|rotation|startangle|align|offset)$/;
const positionCalls = /^(?:text|figtext|annotate)$/;
/** Calls whose numbers decide how many values there are, or which random ones. */
const structural =
  /^(?:seed|RandomState|default_rng|reshape|subplots?|add_subplot|figure|zeros|ones|range|GridSpec|subplot2grid|astype|round)$/;
/** Calls that render something, or say how: a statement of one can be left out. */
const renderingCalls = new Set(names.rendering);
const fileName = /\.(?:png|pdf|svg|jpe?g|csv|json|txt)$/i;

export const python = defineFlaws<Python>({
  language: 'python',
  read: readPython,
  finders: {
    'wrong-color': ({ strings }) => strings.map(wrongColor),
    'wrong-label': ({ strings, formatTexts }) => [...strings, ...formatTexts].filter(isLabel).map(wrongLabel),
    'wrong-number': ({ numbers }) => numbers.filter(isData).map((number) => otherNumber(number, otherNumbers)),
    'missing-element': ({ code, calls }) => calls.filter(isRendering).map((call) => missingCall(call, code)),
    'extra-element': ({ code, calls }) =>
      calls
        .filter(isRendering)
        .filter(isOnAxes)
        .map((call) => extraCall(call, code)),
    'shifted-part': ({ strings, numbers }) => [
      ...strings.filter(({ argument }) => argument?.keyword).map(wrongPlace),
      ...numbers.filter(isPosition).map((number) => otherNumber(number, otherPosition)),
    ],
    'resized-part': ({ numbers }) =>
      numbers.filter(isSize).map((number) => otherNumber(number, (text) => scaled(text, [0.5, 1.6, 2.2]))),
    'broken-syntax': (source) => [...brokenCalls(source), ...brokenStrings(source), ...brokenBlocks(source)],
    'wrong-call': ({ calls }) => [...calls.map(wrongCall), ...calls.flatMap(wrongKeywords)],
  },
});

const keywordOf = ({ argument }: PythonLiteral): string => argument?.keyword?.name ?? '';

/** The literal, as a sentence names it by its keyword, its call or its list. */
function nameOf(literal: PythonLiteral): string {
  if (literal.argument?.keyword) return `${keywordOf(literal)} of ${literal.call!.name.text}()`;
  return literal.call ? `an argument of ${literal.call.name.text}()` : 'a list';
}

function wrongColor(literal: PythonLiteral): FlawSite {
  return replacements(literal.start, literal.end, colorsFor(literal), (color) => {
    return `The color ${quoted(color)} is used instead of ${quoted(literal.text)} in ${nameOf(literal)}.`;
  });
}

function colorsFor(literal: PythonLiteral): string[] {
  const { text, siblings } = literal;
  const isNamed = colorKeywords.test(keywordOf(literal));
  if (text.startsWith('#')) return otherColors(text);
  if (colorNames.includes(text) && (isNamed || siblings > 0)) return otherColors(text);
  if (colorMaps.includes(text)) return colorMaps.filter((other) => other !== text).slice(0, 5);
  if (/^C\d$/.test(text)) return ['C1', 'C2', 'C3', 'C4'].filter((other) => other !== text);
  if (/^tab:/.test(text)) return ['tab:red', 'tab:blue', 'tab:green', 'tab:purple'].filter((other) => other !== text);
  if (isNamed && /^[bgrcmyk]$/.test(text)) return ['r', 'b', 'g', 'm'].filter((other) => other !== text);
  if (
    /^(?:plot|errorbar|semilog[xy]|loglog|step)$/.test(literal.call?.name.text ?? '') &&
    /^[bgrcmyk][-.:ov^sxD*+]*$/.test(text)
  ) {
    return ['r', 'b', 'g', 'm'].filter((other) => other !== text[0]).map((other) => other + text.slice(1));
  }
  return [];
}

/** Math and format fields are not words. */
const fixedParts = /\$[^$]*\$|\{[^}]*\}|\\.|%[.\d]*[a-z]/g;

function wrongLabel({ start, end, text }: PythonLiteral): FlawSite {
  return replacements(start, end, otherTexts(text, fixedParts), (other) => {
    return `The text reads ${insteadOf(other, text)}.`;
  });
}

function isLabel(literal: PythonLiteral): boolean {
  const { text, siblings, node, argument, call } = literal;
  if (fileName.test(text) || /^(?:#|tab:|C\d$)/.test(text) || colorNames.includes(text.toLowerCase())) return false;
  if (node.parent?.parent?.name === 'MemberExpression' && siblings > 0) return false;
  if (argument?.keyword) return textKeywords.test(argument.keyword.name);
  if (call && textCalls.test(call.name.text)) return true;
  return siblings > 1 && !/^(?:savefig|open|read_csv|use)$/.test(call?.name.text ?? '');
}

const textOfNumber = ({ node, text }: PythonLiteral): string =>
  node.parent?.name === 'UnaryExpression' ? `-${text}` : text;

function otherNumber(literal: PythonLiteral, others: (text: string) => string[]): FlawSite {
  const { start, end, text } = literal;
  return replacements(
    start,
    end,
    others(text).filter((other) => !other.startsWith('-')),
    (other) => {
      const sign = textOfNumber(literal).slice(0, -text.length);
      return `A number in ${nameOf(literal)} is ${sign}${other} instead of ${sign}${text}.`;
    },
  );
}

const isWholeNumber = (literal: PythonLiteral): boolean => !/[ejx_]/i.test(literal.text);
const isPosition = (literal: PythonLiteral): boolean =>
  isWholeNumber(literal) &&
  (literal.argument?.keyword
    ? positionKeywords.test(keywordOf(literal))
    : positionCalls.test(literal.call?.name.text ?? '') && (literal.argument?.position ?? 9) < 3);
const isSize = (literal: PythonLiteral): boolean =>
  isWholeNumber(literal) && sizeKeywords.test(keywordOf(literal)) && keywordOf(literal) !== 'dpi';

/** Numbers of lists, of formulas, and those that a rendering call is given. */
function isData(literal: PythonLiteral): boolean {
  const { call, argument, siblings, node } = literal;
  if (!isWholeNumber(literal) || isPosition(literal) || isSize(literal) || structural.test(call?.name.text ?? ''))
    return false;
  if (argument?.keyword)
    return siblings > 1 || /^(?:bins|[xy]err|vmin|vmax|alpha|explode|y|x)$/.test(argument.keyword.name);
  if (siblings > 1) return true;
  return (
    node.parent?.name === 'BinaryExpression' ||
    (call !== null &&
      /^(?:ax[hv]line|ax[hv]span|set_[xy]lim|[xy]lim|linspace|arange|uniform|normal)$/.test(call.name.text))
  );
}

const otherPosition = (text: string): string[] =>
  Number(text) === 0 ? moved(text, [0.3, 15]) : scaled(text, [0.5, 1.5, 2]);

function wrongPlace(literal: PythonLiteral): FlawSite {
  const { start, end, text } = literal;
  const others = /^(?:loc|ha|va|horizontalalignment|verticalalignment|align|which|orientation|anchor)$/.test(
    keywordOf(literal),
  )
    ? namesInstead(names.positions, text)
    : [];
  return replacements(start, end, others, (other) => `The ${nameOf(literal)} is ${insteadOf(other, text)}.`);
}

const isRendering = ({ name, statement }: PythonCall): boolean => statement !== null && renderingCalls.has(name.text);
const isOnAxes = ({ object }: PythonCall): boolean => /^(?:plt|ax\w*(?:\[[^\]]*\])*)$/.test(object ?? '');

function missingCall({ statement, start, end }: PythonCall, code: string): FlawSite {
  const description = `The call ${quoted(code.slice(start, end))} is missing.`;
  const { from, to } = statement!;
  return needsPass(statement!, code)
    ? { start: from, end: to, options: [{ text: 'pass', description }] }
    : { ...withSeparator(from, to, code), options: [{ text: '', description }] };
}

/** The code of the first line of a span in front of it, and of its last line behind it. */
function aroundOnLine(from: number, to: number, code: string): { before: string; after: string } {
  const lineEnd = code.indexOf('\n', to);
  return {
    before: code.slice(code.lastIndexOf('\n', from - 1) + 1, from),
    after: code.slice(to, lineEnd === -1 ? code.length : lineEnd),
  };
}

/** A statement with the semicolon that separates it from a neighbor, or with its line. */
function withSeparator(from: number, to: number, code: string): { start: number; end: number } {
  const { before, after } = aroundOnLine(from, to, code);
  const next = /^[ \t]*;[ \t]*/.exec(after);
  if (next) return { start: from, end: to + next[0].length };
  const previous = /[ \t]*;[ \t]*$/.exec(before);
  if (previous) return { start: from - previous[0].length, end: to };
  return { start: from - before.length, end: Math.min(code.length, to + after.length + 1) };
}

/** Whether a block would be empty without its only statement. */
function needsPass({ from, to, parent }: SyntaxNode, code: string): boolean {
  const { before, after } = aroundOnLine(from, to, code);
  if (/;[ \t]*$/.test(before) || /^[ \t]*;/.test(after)) return false;
  const isOnly = parent?.name === 'Body' && parent.firstChild?.nextSibling?.nextSibling == null;
  return isOnly || /:[ \t]*$/.test(before);
}

function extraCall({ object, statement, name }: PythonCall, code: string): FlawSite {
  const { from, to } = statement!;
  const axes = object === 'plt' ? 'plt.gca()' : object!;
  const { before, after } = aroundOnLine(from, to, code);
  const separator = (before + after).trim() === '' ? `\n${before}` : '; ';
  return {
    start: to,
    end: to,
    options: extraStatements(axes).map(({ text, description }) => ({
      text: separator + text,
      description: `${description} after ${name.text}().`,
    })),
  };
}

const extraStatements = (axes: string): FlawOption[] => [
  {
    text: `${axes}.text(0.5, 0.5, 'Note', transform=${axes}.transAxes, fontsize=14, color='crimson')`,
    description: 'There is an additional text "Note"',
  },
  {
    text: `${axes}.plot([0.1, 0.9], [0.2, 0.8], transform=${axes}.transAxes, color='crimson', linewidth=2)`,
    description: 'There is an additional diagonal line',
  },
  {
    text: `${axes}.plot([0.75], [0.6], 'D', transform=${axes}.transAxes, color='purple', markersize=14)`,
    description: 'There is an additional diamond',
  },
];

function brokenCalls({ calls }: Python): FlawSite[] {
  return calls.flatMap(({ name, end, args }) => {
    const closing = lacking(end - 1, end, `The closing parenthesis of ${name.text}() is missing.`);
    const commas = args.slice(1).map((arg, index) => {
      const before = args[index]!.end;
      return replacements(before, arg.start, [' '], () => `A comma between arguments of ${name.text}() is missing.`);
    });
    return [closing, ...commas];
  });
}

const brokenStrings = ({ strings }: Python): FlawSite[] =>
  strings.map(({ end, text }) => lacking(end, end + 1, `The closing quote of ${quoted(text)} is missing.`));

function brokenBlocks({ root, code }: Python): FlawSite[] {
  const sites: FlawSite[] = [];
  root.cursor().iterate(({ name, from, node }) => {
    if (name !== 'Body' || code[from] !== ':') return;
    const line = code.slice(node.parent!.from, from);
    sites.push(lacking(from, from + 1, `The colon behind ${quoted(line)} is missing.`));
  });
  return sites;
}

const lacking = (start: number, end: number, description: string): FlawSite => ({
  start,
  end,
  options: [{ text: '', description }],
});

function wrongCall({ name }: PythonCall): FlawSite {
  return replacements(
    name.start,
    name.end,
    namesInstead(names.calls, name.text),
    (other) => `The call ${other}() is made where ${name.text}() is meant.`,
  );
}

function wrongKeywords({ name: call, args }: PythonCall): FlawSite[] {
  return args.flatMap(({ keyword }) => {
    if (!keyword) return [];
    return replacements(keyword.start, keyword.end, namesInstead(names.keywords, keyword.name), (other) => {
      return `The call ${call.text}() is given ${other} where ${keyword.name} is meant.`;
    });
  });
}
