import { defineFlaws, insteadOf, namesInstead, quoted, replacements, type FlawSite } from '../language-flaws.ts';
import { colorNames, otherColors } from '../options/colors.ts';
import { moved, shownNumberPattern, otherNumbers, scaled } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import names from '../names/html.json' with { type: 'json' };
import { readMarkup, type Markup, type MarkupElement } from '../readers/markup.ts';
import { matchesIn, type Match } from '../readers/span.ts';
import {
  attributesLike,
  brokenMarkup,
  colorDeclarations,
  missingElements,
  named,
  numberDeclarations,
  renamedAttributes,
  renamedElements,
  sizeDeclarations,
} from './markup-flaws.ts';

const roots = new Set(['html', 'body', 'head', 'main', 'meta', 'link', 'style', 'script', 'title', 'base']);
const copied = /^(?:p|li|t[rdh]|d[dt]|h[1-4]|div|section|article|button|span|a|option|img|input|label)$/;
const colorAttributes = /^(?:bgcolor|color|fill|stroke|stop-color|data-color)$/;
const textAttributes = /^(?:placeholder|value|label|data-label)$/;
const positions = /^(?:(?:margin|padding)(?:-\w+)?|top|left|right|bottom|(?:row-|column-)?gap|letter-spacing)$/;
const sizes =
  /^(?:(?:min-|max-)?(?:width|height)|font|font-size|line-height|border(?:-radius|-width|-top|-bottom|-left|-right)?|flex-basis)$/;

interface Html extends Markup {
  /** Elements of the body, without those that show nothing themselves. */
  parts: MarkupElement[];
}

export const html = defineFlaws<Html>({
  language: 'html',
  recovers: true,
  read(code) {
    const markup = readMarkup(code, 'html');
    const parts = markup.elements.filter((element) => !roots.has(element.name) && !element.isHidden);
    return { ...markup, parts };
  },
  finders: {
    'wrong-color': ({ code, declarations, parts }) => [
      ...colorDeclarations(declarations, colorNames),
      ...attributesLike(parts, colorAttributes).map(([{ name: element }, { name, value }]) =>
        replacements(value.start, value.end, otherColors(value.text), (color) => {
          return `The ${name} of <${element}> is ${color} instead of ${value.text}.`;
        }),
      ),
      ...colorClasses(code, parts),
    ],
    'wrong-label': (page) => [...wrongTexts(page), ...wrongScriptTexts(page)],
    'wrong-number': (page) => [...wrongNumbers(page), ...wrongScriptNumbers(page)],
    'missing-element': ({ code, parts }) => missingElements(code, parts),
    'extra-element': ({ code, parts }) =>
      parts.filter((element) => isCopyable(element)).map((element) => copyOf(element, code)),
    'shifted-part': ({ declarations }) => [
      ...numberDeclarations(declarations, positions, (text) =>
        text === '0' ? [] : [...scaled(text, [2.5, 0.3]), ...moved(text, [24])],
      ),
      ...wrongPlacements(declarations),
    ],
    'resized-part': ({ declarations }) => sizeDeclarations(declarations, sizes),
    'broken-syntax': ({ code, elements, declarations }) => [
      ...brokenMarkup(code, elements),
      ...brokenDeclarations(code, declarations),
    ],
    'wrong-call': ({ code, parts, declarations }) => [
      ...renamedElements(code, parts, names.elements),
      ...renamedAttributes(parts, names.attributes),
      ...wrongProperties(declarations),
    ],
  },
});

/** Classes of Tailwind that hold a color, e.g. `bg-red-500`. */
function colorClasses(code: string, elements: readonly MarkupElement[]): FlawSite[] {
  const colors = ['red', 'blue', 'green', 'yellow', 'purple', 'pink', 'gray', 'indigo', 'teal', 'orange', 'slate'];
  const pattern = new RegExp(`(?<=\\b(?:bg|text|border|from|to|via|fill|stroke)-)(?:${colors.join('|')})(?=-\\d)`, 'g');
  return attributesLike(elements, /^class$/).flatMap(([{ name }, { value }]) =>
    matchesIn(code, [value], pattern).map(({ start, end, text }) => {
      const others = colors.filter((other) => other !== text).slice(0, 4);
      return replacements(start, end, others, (other) => `A class of <${name}> names ${other} instead of ${text}.`);
    }),
  );
}

const shownTexts = ({ texts }: Html) => texts.filter(({ element, text }) => text.trim() !== '' && !element?.isHidden);

function wrongTexts(page: Html): FlawSite[] {
  const values = attributesLike(page.parts, textAttributes).map(([, { value }]) => value);
  return [...shownTexts(page), ...values].map(({ start, end, text }) =>
    replacements(start, end, otherTexts(text), (other) => `The text reads ${insteadOf(other, text)}.`),
  );
}

function wrongNumbers(page: Html): FlawSite[] {
  const values = attributesLike(page.parts, /^(?:value|max|min)$/).map(([, { value }]) => value);
  return [...shownTexts(page), ...values].flatMap((run) =>
    matchesIn(page.code, [run], shownNumberPattern).map(({ start, end, text }) =>
      replacements(start, end, otherNumbers(text), (other) => {
        return `A number of ${quoted(run.text)} is ${other} instead of ${text}.`;
      }),
    ),
  );
}

const literalLists = /\[\s*(?:(?:'[^'\\\n<]*'|"[^"\\\n<]*"|-?[\d.]+)\s*,?\s*){2,}\]/g;

/** What stands in lists of literals in scripts: labels and data of charts. */
function scriptLiterals({ code, elements }: Html, literal: RegExp): Match[] {
  const scripts = elements
    .filter(({ name, close }) => name === 'script' && close)
    .map(({ open, close }) => ({ start: open.end, end: close!.start }));
  return matchesIn(code, matchesIn(code, scripts, literalLists), literal);
}

function wrongScriptTexts(page: Html): FlawSite[] {
  const texts = scriptLiterals(page, /(?<=')[^',[\]]+(?=')|(?<=")[^",[\]]+(?=")/g);
  return texts.map(({ start, end, text }) =>
    replacements(start, end, otherTexts(text), (other) => `The script's list has ${insteadOf(other, text)}.`),
  );
}

function wrongScriptNumbers(page: Html): FlawSite[] {
  return scriptLiterals(page, /(?<![\w'".-])[\d.]+(?![\w'".])/g).map(({ start, end, text }) =>
    replacements(start, end, otherNumbers(text), (other) => `The script's data has ${other} instead of ${text}.`),
  );
}

const isCopyable = ({ name, start, end }: MarkupElement): boolean => copied.test(name) && end - start < 800;

function copyOf(element: MarkupElement, code: string): FlawSite {
  const copy = code
    .slice(element.start, element.end)
    .trimEnd()
    .replace(/\sid=(?:"[^"]*"|'[^']*')/g, '');
  const end = element.start + code.slice(element.start, element.end).trimEnd().length;
  const extra = `<${element.name}>Extra</${element.name}>`;
  const options = [{ text: copy, description: `A second ${named(element, code)} follows the first.` }];
  if (element.close)
    options.push({ text: extra, description: `An additional ${extra} follows ${named(element, code)}.` });
  return { start: end, end, options };
}

function wrongPlacements(declarations: Markup['declarations']): FlawSite[] {
  return declarations.flatMap(({ property, values }) =>
    values
      .filter(({ kind }) => kind === 'name')
      .map(({ start, end, text }) =>
        replacements(
          start,
          end,
          namesInstead(names.values, text),
          (other) => `The ${property.name} is ${other} instead of ${text}.`,
        ),
      ),
  );
}

/** Declarations without their colon, and rules without their closing brace. */
function brokenDeclarations(code: string, declarations: Markup['declarations']): FlawSite[] {
  return declarations.flatMap(({ property, values }) => {
    const colon = code.indexOf(':', property.end);
    const last = values.at(-1);
    const end = last ? last.end + last.unit.length : property.end;
    const brace = /^\s*;?\s*\}/.exec(code.slice(end, end + 200))?.[0].length;
    const lacking = (start: number, what: string): FlawSite =>
      replacements(start, start + 1, [''], () => `The ${what} behind ${property.name} is missing.`);
    return [lacking(colon, 'colon'), ...(brace ? [lacking(end + brace - 1, 'closing brace')] : [])];
  });
}

function wrongProperties(declarations: Markup['declarations']): FlawSite[] {
  return declarations.map(({ property: { name, start, end } }) =>
    replacements(
      start,
      end,
      namesInstead(names.properties, name),
      (other) => `The property ${other} is set where ${name} is meant.`,
    ),
  );
}
