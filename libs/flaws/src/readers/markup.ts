import type { SyntaxNode } from '@lezer/common';
import { parser as htmlParser } from '@lezer/html';
import { parser as xmlParser } from '@lezer/xml';
import { readDeclarations, readStyleSheet, type Declaration } from './css.ts';
import type { Span } from './span.ts';

export interface Attribute extends Span {
  name: string;
  /** Without its quotes. */
  value: Span & { text: string };
}

export interface MarkupElement extends Span {
  name: string;
  open: Span;
  /** Null where it closes itself, or its end is implied. */
  close: Span | null;
  attributes: Attribute[];
  /** Whether it shows nothing of itself, or lies in an element that does not: a script, a style, a title. */
  isHidden: boolean;
}

const hidden = /^(?:script|style|title|head|noscript|template|metadata|desc)$/;

/** Text between tags, without references such as `&amp;`. */
interface TextRun extends Span {
  text: string;
  element: MarkupElement | null;
}

export interface Markup {
  code: string;
  /** In the order of their start tags. */
  elements: MarkupElement[];
  texts: TextRun[];
  /** Of style sheets and `style` attributes. */
  declarations: Declaration[];
}

const parsers = { xml: xmlParser, html: htmlParser.configure({ dialect: 'selfClosing' }) };

/** Elements, attributes, text and styles, each with its place in the code. What is not well-formed is read as far as it goes. */
export function readMarkup(code: string, syntax: keyof typeof parsers): Markup {
  const markup: Markup = { code, elements: [], texts: [], declarations: [] };
  const open: MarkupElement[] = [];
  parsers[syntax].parse(code).iterate({
    enter: ({ name, from, to, node }) => {
      if (name === 'Element') {
        const element = readElement(node, code, open.at(-1)?.isHidden ?? false);
        open.push(element);
        markup.elements.push(element);
      } else if (name === 'Text') {
        markup.texts.push({ start: from, end: to, text: code.slice(from, to), element: open.at(-1) ?? null });
      }
    },
    leave: ({ name }) => {
      if (name === 'Element') open.pop();
    },
  });
  markup.declarations = markup.elements.flatMap((element) => stylesOf(element, code));
  return markup;
}

export const attributeOf = (element: MarkupElement, name: string): Attribute | undefined =>
  element.attributes.find((attribute) => attribute.name === name);

function readElement(node: SyntaxNode, code: string, isWithinHidden: boolean): MarkupElement {
  const open = node.getChild('OpenTag') ?? node.getChild('SelfClosingTag') ?? node;
  const close = node.getChild('CloseTag');
  const tag = open.getChild('TagName');
  const name = tag ? code.slice(tag.from, tag.to) : '';
  return {
    name,
    start: node.from,
    end: node.to,
    open: { start: open.from, end: open.to },
    close: close && { start: close.from, end: close.to },
    attributes: open.getChildren('Attribute').flatMap((attribute) => readAttribute(attribute, code)),
    isHidden: isWithinHidden || hidden.test(name),
  };
}

function readAttribute(node: SyntaxNode, code: string): Attribute[] {
  const name = node.getChild('AttributeName');
  const value = node.getChild('AttributeValue') ?? node.getChild('UnquotedAttributeValue');
  if (!name || !value) return [];
  const quotes = value.name === 'AttributeValue' ? 1 : 0;
  const [start, end] = [value.from + quotes, value.to - quotes];
  const text = { start, end, text: code.slice(start, end) };
  return [{ name: code.slice(name.from, name.to), start: node.from, end: node.to, value: text }];
}

function stylesOf(element: MarkupElement, code: string): Declaration[] {
  if (element.name === 'style' && element.close) {
    const [start, end] = [element.open.end, element.close.start];
    return readStyleSheet(code.slice(start, end), start);
  }
  const value = attributeOf(element, 'style')?.value;
  return value ? readDeclarations(value.text, value.start) : [];
}
