import { defineFlaws, insteadOf, quoted, replacements, type FlawSite } from '../language-flaws.ts';
import { colorNames, otherColors } from '../options/colors.ts';
import { moved, numberPattern, otherNumbers, scaled, shownNumberPattern } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import names from '../names/svg.json' with { type: 'json' };
import { attributeOf, readMarkup, type Markup, type MarkupElement } from '../readers/markup.ts';
import { matchesIn } from '../readers/span.ts';
import {
  attributesLike,
  brokenMarkup,
  colorDeclarations,
  missingElements,
  renamedAttributes,
  renamedElements,
  sizeDeclarations,
} from './markup-flaws.ts';

const colorAttributes = /^(?:fill|stroke|stop-color|flood-color|color)$/;
const noColors = /^(?:none|inherit|currentcolor|transparent|url\(.*)$/i;
const positions = /^(?:c?[xy]|[xy][12]|d[xy])$/;
const sizes = /^(?:width|height|r|rx|ry|font-size|stroke-width)$/;
/** Attributes whose single numbers are data: vertices, shares, angles. */
const numberLists = /^(?:points|d|opacity|fill-opacity|offset|stroke-dasharray|textLength)$/;
const shapes = /^(?:rect|circle|ellipse|line|polyline|polygon|path|text|tspan|textPath|image|use|g|\w+Gradient)$/;

interface Svg extends Markup {
  /** Elements within the root. */
  parts: MarkupElement[];
  /** Width and height of its coordinates. */
  extent: readonly [number, number];
}

export const svg = defineFlaws<Svg>({
  language: 'svg',
  recovers: true,
  read(code) {
    const markup = readMarkup(code, 'xml');
    const root = markup.elements.find(({ name }) => name === 'svg');
    return { ...markup, parts: markup.elements.filter((element) => element !== root), extent: extentOf(root) };
  },
  finders: {
    'wrong-color': ({ parts, declarations }) => [
      ...attributesLike(parts, colorAttributes)
        .filter(([, { value }]) => !noColors.test(value.text))
        .map(([element, { name, value }]) =>
          replacements(
            value.start,
            value.end,
            otherColors(value.text),
            (color) => `The ${name} of <${element.name}> is ${color} instead of ${value.text}.`,
          ),
        ),
      ...colorDeclarations(declarations, colorNames),
    ],
    'wrong-label': ({ texts }) =>
      shownTexts(texts).map(({ start, end, text }) =>
        replacements(start, end, otherTexts(text), (other) => `The text reads ${insteadOf(other, text)}.`),
      ),
    'wrong-number': (svg) => [...numbersInTexts(svg), ...numbersInAttributes(svg)],
    'missing-element': ({ code, parts }) => missingElements(code, parts.filter(isShape)),
    'extra-element': (svg) => svg.parts.filter(isCopyable).map((element) => copiesOf(element, svg)),
    'shifted-part': (svg) => [...shiftedAttributes(svg), ...shiftedElements(svg)],
    'resized-part': ({ parts, declarations }) => [
      ...attributesLike(parts, sizes).map(([element, { name, value }]) =>
        replacements(
          value.start,
          value.end,
          scaled(value.text, [0.6, 1.5, 2]),
          (other) => `The ${name} of <${element.name}> is ${other} instead of ${value.text}.`,
        ),
      ),
      ...sizeDeclarations(declarations, sizes),
    ],
    'broken-syntax': ({ code, elements }) => brokenMarkup(code, elements),
    'wrong-call': ({ code, elements, parts }) => [
      ...renamedElements(code, parts, names.elements),
      ...renamedAttributes(elements, names.attributes),
    ],
  },
});

function extentOf(root: MarkupElement | undefined): readonly [number, number] {
  const number = (name: string) => Number.parseFloat((root && attributeOf(root, name)?.value.text) ?? '');
  const box =
    (root &&
      attributeOf(root, 'viewBox')
        ?.value.text.split(/[\s,]+/)
        .map(Number)) ??
    [];
  const [width, height] = [box[2] ?? number('width'), box[3] ?? number('height')];
  return [width > 0 ? width : 300, height > 0 ? height : 150];
}

const isShape = ({ name }: MarkupElement): boolean => shapes.test(name);
const isCopyable = (element: MarkupElement): boolean =>
  /^(?:rect|circle|ellipse|line|polyline|polygon|path|text|use|g)$/.test(element.name) &&
  element.end - element.start < 600;

const shownTexts = (texts: Markup['texts']): Markup['texts'] =>
  texts.filter(({ element }) => element && /^(?:text|tspan|textPath|a)$/.test(element.name));

function numbersInTexts({ code, texts }: Svg): FlawSite[] {
  return shownTexts(texts).flatMap((run) =>
    matchesIn(code, [run], shownNumberPattern).map(({ start, end, text }) =>
      replacements(start, end, otherNumbers(text), (other) => {
        return `A number in the text ${quoted(run.text)} is ${other} instead of ${text}.`;
      }),
    ),
  );
}

function numbersInAttributes({ code, parts }: Svg): FlawSite[] {
  return attributesLike(parts, numberLists).flatMap(([element, { name, value }]) =>
    matchesIn(code, [value], numberPattern).map(({ start, end, text }) =>
      replacements(start, end, otherNumbers(text), (other) => {
        return `A number in the ${name} of <${element.name}> is ${other} instead of ${text}.`;
      }),
    ),
  );
}

/** Distances that are seen: shares of the width or the height. */
const distancesIn = (extent: number): number[] => [0.08, -0.08, 0.16].map((share) => rounded(extent * share));
const rounded = (value: number): number => Number(value.toPrecision(2));

function shiftedAttributes({ parts, extent }: Svg): FlawSite[] {
  return attributesLike(parts, positions)
    .filter(([, { value }]) => /^-?[\d.]+$/.test(value.text))
    .map(([element, { name, value }]) =>
      replacements(
        value.start,
        value.end,
        moved(value.text, distancesIn(extent[name.includes('x') ? 0 : 1])),
        (other) => `The ${name} of <${element.name}> is ${other} instead of ${value.text}.`,
      ),
    );
}

/** Elements without a position of their own are moved by a transform. */
function shiftedElements({ parts, extent }: Svg): FlawSite[] {
  return parts
    .filter((element) => /^(?:path|polygon|polyline|g|use)$/.test(element.name) && !attributeOf(element, 'transform'))
    .map(({ name, open }) => {
      const at = open.start + 1 + name.length;
      return replacements(
        at,
        at,
        shiftsIn(extent).map((shift) => ` transform="translate(${shift})"`),
        (text) => {
          return `<${name}> is moved by ${/\((.+)\)/.exec(text)![1]}.`;
        },
      );
    });
}

const shiftsIn = ([width, height]: Svg['extent']): string[] => [
  `${rounded(width * 0.08)} 0`,
  `0 ${rounded(height * 0.08)}`,
  `${rounded(width * -0.1)} ${rounded(height * 0.06)}`,
];

/** Copies of an element behind it, moved and without its id. */
function copiesOf({ name, start, end }: MarkupElement, { code, extent }: Svg): FlawSite {
  const copy = code.slice(start, end).replace(/\sid=(?:"[^"]*"|'[^']*')/g, '');
  const texts = shiftsIn(extent).map((shift) => `<g transform="translate(${shift})">${copy}</g>`);
  return replacements(end, end, texts, (text) => {
    return `There is a second <${name}>, moved by ${/\((.+?)\)/.exec(text)![1]}, that the target does not have.`;
  });
}
