import { parser } from '@lezer/css';
import type { SyntaxNode, Tree } from '@lezer/common';

/** `property: values`, with its place in the code around it. */
export interface Declaration {
  property: { name: string; start: number; end: number };
  values: StyleValue[];
}

interface StyleValue {
  kind: 'color' | 'number' | 'name';
  start: number;
  /** Of a number, without its unit. */
  end: number;
  text: string;
  unit: string;
}

const declarationParser = parser.configure({ top: 'Styles' });

/** The declarations of a style sheet that begins at `offset`. */
export const readStyleSheet = (text: string, offset: number): Declaration[] => read(parser.parse(text), text, offset);

/** The declarations of a `style` attribute whose value begins at `offset`. */
export const readDeclarations = (text: string, offset: number): Declaration[] =>
  read(declarationParser.parse(text), text, offset);

function read(tree: Tree, text: string, offset: number): Declaration[] {
  const found: Declaration[] = [];
  tree.iterate({
    enter: ({ name, node }) => {
      if (name !== 'Declaration') return;
      const property = node.getChild('PropertyName') ?? node.getChild('VariableName');
      if (!property) return;
      const { from, to } = property;
      found.push({
        property: { name: text.slice(from, to).toLowerCase(), start: offset + from, end: offset + to },
        values: valuesOf(node, to, text, offset),
      });
    },
  });
  return found;
}

function valuesOf(declaration: SyntaxNode, after: number, text: string, offset: number): StyleValue[] {
  const values: StyleValue[] = [];
  declaration.cursor().iterate(({ name, from, to, node }) => {
    if (from < after) return true;
    const add = (kind: StyleValue['kind'], end = to, unit = '') =>
      values.push({ kind, start: offset + from, end: offset + end, text: text.slice(from, end), unit });
    if (name === 'CallExpression' && /^rgba?\(/i.test(text.slice(from, to))) {
      add('color');
      return false;
    }
    if (name === 'ColorLiteral') add('color');
    if (name === 'ValueName') add('name');
    if (name === 'NumberLiteral') {
      const unit = node.getChild('Unit');
      add('number', unit?.from ?? to, unit ? text.slice(unit.from, unit.to) : '');
    }
    return true;
  });
  return values;
}
