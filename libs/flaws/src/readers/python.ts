import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Span } from './span.ts';

interface PythonArgument extends Span {
  /** Null for a positional one. */
  keyword: (Span & { name: string }) | null;
  /** Its place among the positional ones, from 0; -1 for a keyword. */
  position: number;
  node: SyntaxNode;
}

export interface PythonCall extends Span {
  /** What is called, without its object: `bar` of `ax.bar(...)`. */
  name: Span & { text: string };
  /** The object, e.g. `ax`; null for a plain function. */
  object: string | null;
  args: PythonArgument[];
  /** The statement that the call is as a whole; null where it is a part of another. */
  statement: SyntaxNode | null;
}

export interface PythonLiteral extends Span {
  text: string;
  node: SyntaxNode;
  /** The call and the argument that it is a part of, also within lists; null where there is none. */
  call: PythonCall | null;
  argument: PythonArgument | null;
  /** Elements of the list or tuple around it, counted up to 3; 0 where there is none. */
  siblings: number;
}

export interface Python {
  code: string;
  calls: PythonCall[];
  /** Without quotes and prefix; only those that no f-string, bytes or triple quotes make special. */
  strings: PythonLiteral[];
  numbers: PythonLiteral[];
  /** The parts of f-strings between their replacements. */
  formatTexts: PythonLiteral[];
  /** Whole statements on lines of their own, and those that other statements hold. */
  root: SyntaxNode;
}

/** The calls and literals of Python code, each with its place. Code with syntax errors is read as far as it goes. */
export function readPython(code: string): Python {
  const root = parser.parse(code).topNode;
  const python: Python = { code, calls: [], strings: [], numbers: [], formatTexts: [], root };
  const around: { call: PythonCall; node: SyntaxNode }[] = [];
  root.cursor().iterate(
    ({ name, node }) => {
      if (name === 'CallExpression') {
        const call = readCall(node, code);
        if (call) {
          python.calls.push(call);
          around.push({ call, node });
        }
      } else if (name === 'String') python.strings.push(...stringsOf(node, code, around));
      else if (name === 'FormatString') python.formatTexts.push(...formatTextsOf(node, code, around));
      else if (name === 'Number') python.numbers.push(literal(node, node.from, node.to, code, around));
    },
    ({ name, node }) => {
      if (name === 'CallExpression' && around.at(-1)?.node.from === node.from && around.at(-1)?.node.to === node.to)
        around.pop();
    },
  );
  return python;
}

function readCall(node: SyntaxNode, code: string): PythonCall | undefined {
  const [callee, list] = [node.firstChild, node.getChild('ArgList')];
  const name = callee?.name === 'MemberExpression' ? callee.lastChild : callee;
  if (!callee || !list || !name || !/^(?:PropertyName|VariableName)$/.test(name.name)) return undefined;
  const object = name === callee ? null : code.slice(callee.from, name.from).replace(/\s*\.\s*$/, '');
  return {
    start: node.from,
    end: node.to,
    name: { start: name.from, end: name.to, text: code.slice(name.from, name.to) },
    object: callee.name === 'MemberExpression' ? object : null,
    args: readArguments(list, code),
    statement: node.parent?.name === 'ExpressionStatement' ? node.parent : null,
  };
}

/** Arguments by their separating commas: `value`, or `keyword = value`. */
function readArguments(list: SyntaxNode, code: string): PythonArgument[] {
  const args: PythonArgument[] = [];
  let parts: SyntaxNode[] = [];
  let position = 0;
  for (let child = list.firstChild; child; child = child.nextSibling) {
    if (child.name === '(') continue;
    if (child.name !== ',' && child.name !== ')') {
      parts.push(child);
      continue;
    }
    const [first, sign, value] = parts;
    if (first && sign?.name === 'AssignOp' && value) {
      const keyword = { start: first.from, end: first.to, name: code.slice(first.from, first.to) };
      args.push({ start: first.from, end: value.to, keyword, position: -1, node: value });
    } else if (first && !sign) {
      args.push({ start: first.from, end: first.to, keyword: null, position: position++, node: first });
    }
    parts = [];
  }
  return args;
}

function stringsOf(node: SyntaxNode, code: string, around: readonly { call: PythonCall }[]): PythonLiteral[] {
  const [, prefix, quote] = /^([a-zA-Z]*)('''|"""|'|")/.exec(code.slice(node.from, node.to)) ?? [];
  if (!quote || quote.length > 1 || /b/i.test(prefix!)) return [];
  return [literal(node, node.from + prefix!.length + 1, node.to - 1, code, around)];
}

function formatTextsOf(node: SyntaxNode, code: string, around: readonly { call: PythonCall }[]): PythonLiteral[] {
  const [, prefix, quote] = /^([a-zA-Z]*)('''|"""|'|")/.exec(code.slice(node.from, node.to)) ?? [];
  if (!quote || quote.length > 1) return [];
  const texts: PythonLiteral[] = [];
  let from = node.from + prefix!.length + 1;
  for (const part of node.getChildren('FormatReplacement')) {
    texts.push(literal(node, from, part.from, code, around));
    from = part.to;
  }
  return [...texts, literal(node, from, node.to - 1, code, around)].filter(({ start, end }) => end > start);
}

function literal(
  node: SyntaxNode,
  start: number,
  end: number,
  code: string,
  around: readonly { call: PythonCall }[],
): PythonLiteral {
  const call = around.at(-1)?.call ?? null;
  const argument = call?.args.find((arg) => arg.node.from <= node.from && node.to <= arg.node.to) ?? null;
  const list = /^(?:Array|Tuple|Set)Expression$/.test(node.parent?.name ?? '') ? node.parent : null;
  const unary = node.parent?.name === 'UnaryExpression' ? node.parent.parent : null;
  const siblings = countElements(list ?? (/^(?:Array|Tuple)Expression$/.test(unary?.name ?? '') ? unary : null));
  return { start, end, text: code.slice(start, end), node, call, argument, siblings };
}

function countElements(list: SyntaxNode | null): number {
  if (!list) return 0;
  let count = 0;
  for (let child = list.firstChild; child && count < 3; child = child.nextSibling)
    if (!/^[[\](),{}]$/.test(child.name)) count++;
  return count;
}
