import { defineFlaws, quoted, replacements, type FlawSite } from '../language-flaws.ts';
import { colorNames, otherColors } from '../options/colors.ts';
import { moved, shownNumberPattern, otherNumbers, scaled } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import { isWithin, readMarkup, type Attribute, type Markup, type MarkupElement } from '../readers/markup.ts';
import {
  brokenMarkup,
  colorDeclarations,
  missingElements,
  named,
  numberDeclarations,
  renamedAttributes,
  renamedElements,
  sizeDeclarations,
} from './markup-flaws.ts';

const unseen = new Set(['script', 'style', 'title', 'head', 'noscript', 'template', 'metadata', 'desc']);
const roots = new Set(['html', 'body', 'head', 'main', 'meta', 'link', 'style', 'script', 'title', 'base']);
const copied = new Set(
  'p li tr td th div section article button span a h1 h2 h3 h4 dt dd option img input label'.split(' '),
);
const colorAttributes = /^(?:bgcolor|color|fill|stroke|stop-color|data-color)$/;
const textAttributes = /^(?:placeholder|value|label|data-label)$/;
const positions = new Set([
  ...[
    'margin',
    'margin-top',
    'margin-bottom',
    'margin-left',
    'margin-right',
    'padding',
    'padding-top',
    'padding-bottom',
  ],
  ...[
    'padding-left',
    'padding-right',
    'top',
    'left',
    'right',
    'bottom',
    'gap',
    'row-gap',
    'column-gap',
    'letter-spacing',
  ],
]);
const sizes = new Set([
  ...['width', 'height', 'font-size', 'min-width', 'min-height', 'max-width', 'border-radius', 'border-width', 'font'],
  ...[
    'border',
    'border-top',
    'border-bottom',
    'border-left',
    'border-right',
    'line-height',
    'flex-basis',
    'stroke-width',
  ],
]);
/** Values that place a part, with others. */
const placements: Record<string, readonly string[]> = {
  center: ['left', 'right', 'flex-end'],
  left: ['right', 'center'],
  right: ['left', 'center'],
  'space-between': ['flex-start', 'center'],
  'flex-end': ['flex-start', 'center'],
  'flex-start': ['flex-end', 'center'],
  absolute: ['static', 'relative'],
  row: ['column', 'row-reverse'],
  column: ['row', 'column-reverse'],
};
/** Wrong names for properties: others that exist, and ones that do not. */
const otherProperties: Record<string, readonly string[]> = {
  ...{
    color: ['text-color', 'background-color'],
    background: ['background-fill', 'color'],
    border: ['outline', 'frame'],
  },
  ...{
    'background-color': ['color', 'fill-color'],
    padding: ['margin', 'inner-margin'],
    margin: ['padding', 'spacing'],
  },
  ...{
    'font-size': ['text-size', 'size'],
    'font-weight': ['font-style', 'weight'],
    'border-radius': ['corner-radius', 'radius'],
  },
  ...{
    display: ['layout', 'position'],
    width: ['max-height', 'size'],
    height: ['max-width', 'tall'],
    font: ['text', 'typeface'],
  },
  ...{
    'text-align': ['align', 'vertical-align'],
    'justify-content': ['align-content', 'justify'],
    gap: ['spacing', 'grid-auto-flow'],
  },
  ...{ 'grid-template-columns': ['grid-columns', 'grid-template-rows'], position: ['float', 'placement'] },
  ...{ 'list-style': ['list-marker', 'text-style'], 'flex-direction': ['flex-flow-direction', 'direction'] },
  ...{ 'border-collapse': ['border-spacing-mode', 'collapse'], 'box-shadow': ['shadow', 'text-shadow'] },
};
const otherElements: Record<string, readonly string[]> = {
  ...{
    h1: ['h4', 'heading'],
    h2: ['h5', 'title1'],
    h3: ['h6', 'p'],
    ul: ['div', 'list'],
    ol: ['ul', 'div'],
    li: ['item'],
  },
  ...{
    th: ['td', 'div'],
    td: ['div'],
    button: ['btn', 'span'],
    p: ['text', 'pre'],
    table: ['div'],
    blockquote: ['quote', 'p'],
  },
  ...{
    b: ['bold'],
    strong: ['span'],
    nav: ['div'],
    header: ['div'],
    small: ['big', 'div'],
    img: ['image2'],
    progress: ['meterbar'],
  },
};
const otherAttributes: Record<string, readonly string[]> = {
  ...{ class: ['classname', 'id'], style: ['css', 'styles'], colspan: ['cols', 'span'], width: ['w', 'size'] },
  ...{ value: ['val', 'amount'], src: ['source', 'href'], placeholder: ['hint', 'text'], rowspan: ['rows', 'span'] },
};

interface Html extends Markup {
  /** Elements of the body, without those that show nothing themselves. */
  parts: MarkupElement[];
}

export const html = defineFlaws<Html>({
  language: 'html',
  recovers: true,
  read(code) {
    const markup = readMarkup(code, 'html');
    const parts = markup.elements.filter((element) => !roots.has(element.name) && !isWithin(element, unseen));
    return { ...markup, parts };
  },
  finders: {
    'wrong-color': ({ declarations, parts }) => [
      ...colorDeclarations(declarations, colorNames),
      ...attributesLike(parts, colorAttributes).map(([{ name: element }, { name, value }]) =>
        replacements(value.start, value.end, otherColors(value.text), (color) => {
          return `The ${name} of <${element}> is ${color} instead of ${value.text}.`;
        }),
      ),
      ...colorClasses(parts),
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
      ...renamedElements(code, parts, otherElements),
      ...renamedAttributes(parts, otherAttributes),
      ...wrongProperties(declarations),
    ],
  },
});

function attributesLike(elements: readonly MarkupElement[], names: RegExp): [MarkupElement, Attribute][] {
  return elements.flatMap((element) =>
    element.attributes
      .filter(({ name }) => names.test(name))
      .map((attribute): [MarkupElement, Attribute] => [element, attribute]),
  );
}

/** Classes of Tailwind that hold a color, e.g. `bg-red-500`. */
function colorClasses(elements: readonly MarkupElement[]): FlawSite[] {
  const colors = ['red', 'blue', 'green', 'yellow', 'purple', 'pink', 'gray', 'indigo', 'teal', 'orange', 'slate'];
  const pattern = new RegExp(`(?<=\\b(?:bg|text|border|from|to|via|fill|stroke)-)(?:${colors.join('|')})(?=-\\d)`, 'g');
  return attributesLike(elements, /^class$/).flatMap(([{ name }, { value }]) =>
    [...value.text.matchAll(pattern)].map(({ 0: color, index }) =>
      replacements(
        value.start + index,
        value.start + index + color.length,
        colors.filter((other) => other !== color).slice(0, 4),
        (other) => `A class of <${name}> names ${other} instead of ${color}.`,
      ),
    ),
  );
}

const shownTexts = ({ texts }: Html) =>
  texts.filter(({ element, text }) => text.trim() !== '' && !isWithin(element, unseen));

function wrongTexts(page: Html): FlawSite[] {
  const values = attributesLike(page.parts, textAttributes).map(([, { value }]) => value);
  return [...shownTexts(page), ...values].map(({ start, end, text }) =>
    replacements(
      start,
      end,
      otherTexts(text),
      (other) => `The text reads ${quoted(other)} instead of ${quoted(text)}.`,
    ),
  );
}

function wrongNumbers(page: Html): FlawSite[] {
  const values = attributesLike(page.parts, /^(?:value|max|min)$/).map(([, { value }]) => value);
  return [...shownTexts(page), ...values].flatMap(({ start, text }) =>
    [...text.matchAll(shownNumberPattern)].map(({ 0: number, index }) =>
      replacements(start + index, start + index + number.length, otherNumbers(number), (other) => {
        return `A number of ${quoted(text)} is ${other} instead of ${number}.`;
      }),
    ),
  );
}

interface Literal {
  start: number;
  text: string;
}

/** What stands in lists of literals in scripts: labels and data of charts. */
function scriptLiterals({ code, elements }: Html, literal: RegExp): Literal[] {
  const lists = /\[\s*(?:(?:'[^'\\\n<]*'|"[^"\\\n<]*"|-?[\d.]+)\s*,?\s*){2,}\]/g;
  return elements
    .filter(({ name, close }) => name === 'script' && close)
    .flatMap(({ open, close }) =>
      [...code.slice(open.end, close!.start).matchAll(lists)].map((list) => ({ open, list })),
    )
    .flatMap(({ open, list }) =>
      [...list[0].matchAll(literal)].map((match) => ({ start: open.end + list.index + match.index, text: match[0] })),
    );
}

function wrongScriptTexts(page: Html): FlawSite[] {
  return scriptLiterals(page, /(?<=')[^',[\]]+(?=')|(?<=")[^",[\]]+(?=")/g).map(({ start, text }) =>
    replacements(start, start + text.length, otherTexts(text), (other) => {
      return `The script's list has ${quoted(other)} instead of ${quoted(text)}.`;
    }),
  );
}

function wrongScriptNumbers(page: Html): FlawSite[] {
  return scriptLiterals(page, /(?<![\w'".-])[\d.]+(?![\w'".])/g).map(({ start, text }) =>
    replacements(
      start,
      start + text.length,
      otherNumbers(text),
      (other) => `The script's data has ${other} instead of ${text}.`,
    ),
  );
}

const isCopyable = ({ name, start, end }: MarkupElement): boolean => copied.has(name) && end - start < 800;

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
      .filter(({ kind, text }) => kind === 'name' && Object.hasOwn(placements, text))
      .map(({ start, end, text }) =>
        replacements(start, end, placements[text]!, (other) => `The ${property.name} is ${other} instead of ${text}.`),
      ),
  );
}

/** Declarations without their colon, and rules without their closing brace. */
function brokenDeclarations(code: string, declarations: Markup['declarations']): FlawSite[] {
  return declarations.flatMap(({ property, values }) => {
    const colon = code.indexOf(':', property.end);
    const sites: FlawSite[] = [
      {
        start: colon,
        end: colon + 1,
        options: [{ text: '', description: `The colon behind ${property.name} is missing.` }],
      },
    ];
    const brace = /^\s*;?\s*\}/.exec(code.slice(values.at(-1)?.end ?? property.end))?.[0];
    if (brace && values.length > 0) {
      const end = values.at(-1)!.end + brace.length;
      const description = `The closing brace behind ${property.name} is missing.`;
      sites.push({ start: end - 1, end, options: [{ text: '', description }] });
    }
    return sites;
  });
}

function wrongProperties(declarations: Markup['declarations']): FlawSite[] {
  return declarations
    .filter(({ property }) => Object.hasOwn(otherProperties, property.name))
    .map(({ property: { name, start, end } }) =>
      replacements(
        start,
        end,
        otherProperties[name]!,
        (other) => `The property ${other} is set where ${name} is meant.`,
      ),
    );
}
