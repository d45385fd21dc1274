import {
  namesInstead,
  quoted,
  replacements,
  type FlawOption,
  type FlawSite,
  type OtherNames,
} from '../language-flaws.ts';
import { otherColors } from '../options/colors.ts';
import { scaled } from '../options/numbers.ts';
import type { Declaration } from '../readers/css.ts';
import type { Attribute, MarkupElement } from '../readers/markup.ts';

/** The attributes of these names, each with its element. */
export function attributesLike(elements: readonly MarkupElement[], names: RegExp): [MarkupElement, Attribute][] {
  return elements.flatMap((element) =>
    element.attributes
      .filter(({ name }) => names.test(name))
      .map((attribute): [MarkupElement, Attribute] => [element, attribute]),
  );
}

/** Colors in declarations, and names of colors where the property may hold one. */
export function colorDeclarations(declarations: readonly Declaration[], names: readonly string[]): FlawSite[] {
  return declarations.flatMap(({ property, values }) =>
    values
      .filter(
        ({ kind, text }) =>
          kind === 'color' ||
          (kind === 'name' &&
            /color|background|border|outline|shadow|fill|stroke|^--/.test(property.name) &&
            names.includes(text.toLowerCase())),
      )
      .map(({ start, end, text }) =>
        replacements(start, end, otherColors(text), (color) => `The ${property.name} is ${color} instead of ${text}.`),
      ),
  );
}

/** Numbers of the properties that say how large a part is. */
export function sizeDeclarations(declarations: readonly Declaration[], properties: RegExp): FlawSite[] {
  return numberDeclarations(declarations, properties, (text) => scaled(text, [0.6, 1.5, 2]));
}

export function numberDeclarations(
  declarations: readonly Declaration[],
  properties: RegExp,
  others: (text: string) => string[],
): FlawSite[] {
  return declarations
    .filter(({ property }) => properties.test(property.name))
    .flatMap(({ property, values }) =>
      values
        .filter(({ kind }) => kind === 'number')
        .map(({ start, end, text, unit }) =>
          replacements(
            start,
            end,
            others(text),
            (other) => `The ${property.name} has ${other}${unit} instead of ${text}${unit}.`,
          ),
        ),
    );
}

/** Elements that are taken out with all that they hold, unless that is more than a half of the code. */
export function missingElements(code: string, elements: readonly MarkupElement[]): FlawSite[] {
  return elements
    .filter(({ start, end }) => end - start < code.length / 2)
    .map((element) => {
      const { start, end } = wholeLines(code, element);
      return { start, end, options: [{ text: '', description: `${named(element, code)} is missing.` }] };
    });
}

/** With the line ends and the indentation of lines that hold nothing else. */
function wholeLines(code: string, { start, end }: MarkupElement): { start: number; end: number } {
  const lineStart = code.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = code.indexOf('\n', end);
  const isAlone =
    lineStart > 0 && lineEnd !== -1 && (code.slice(lineStart, start) + code.slice(end, lineEnd)).trim() === '';
  return isAlone ? { start: lineStart - 1, end: lineEnd } : { start, end };
}

const maxNamed = 400;

/** The element with the beginning of its text, so that a sentence can tell it from others. */
export function named({ name, open, start, end }: MarkupElement, code: string): string {
  const text = code
    .slice(open.end, Math.min(end, open.end + maxNamed))
    .replace(/<[^>]*>/g, ' ')
    .trim();
  return text ? `<${name}> with ${quoted(text)}` : `<${name}> written ${quoted(code.slice(start, end))}`;
}

/** Tags without an end, attributes without a quote, elements without their closing tags. */
export function brokenMarkup(code: string, elements: readonly MarkupElement[]): FlawSite[] {
  return elements.flatMap(({ name, open, close, attributes }) => {
    const sites: FlawSite[] = [];
    const lacking = (start: number, end: number, what: string) =>
      sites.push({ start, end, options: [{ text: '', description: `${what} of <${name}> is missing.` }] });
    const tagEnd = code.slice(open.start, open.end).endsWith('/>') ? 2 : 1;
    lacking(open.end - tagEnd, open.end, 'The end of the tag');
    if (name === 'svg' || name === 'html') lacking(open.start, open.start + 1, 'The first character of the tag');
    if (close) lacking(close.start, close.end, 'The closing tag');
    for (const { name: attribute, end, value } of attributes) {
      if (value.end < end) lacking(value.end, end, `The quote behind the ${attribute}`);
    }
    return sites;
  });
}

/** Elements under other names; both tags where there are two, if the element is short. */
export function renamedElements(code: string, elements: readonly MarkupElement[], others: OtherNames): FlawSite[] {
  return elements
    .filter(({ start, end }) => end - start < 600)
    .map(({ name, start, end, open, close }) => ({
      start,
      end,
      options: namesInstead(others, name).map((other): FlawOption => {
        const opening = `<${other}${code.slice(open.start + 1 + name.length, open.end)}`;
        const closing = close
          ? code.slice(open.end, close.start) + `</${other}>`
          : code.slice(open.end, Math.min(end, open.end + maxNamed));
        return { text: opening + closing, description: `The element <${other}> is used where <${name}> is meant.` };
      }),
    }));
}

export function renamedAttributes(elements: readonly MarkupElement[], others: OtherNames): FlawSite[] {
  return elements.flatMap(({ name: element, attributes }) =>
    attributes.map(({ name, start }) =>
      replacements(
        start,
        start + name.length,
        namesInstead(others, name).filter((other) => !attributes.some((attribute) => attribute.name === other)),
        (other) => `<${element}> has the attribute ${other} where ${name} is meant.`,
      ),
    ),
  );
}
