import type { Span } from './span.ts';

/** A line of a diagram without its indentation and its end. */
export interface MermaidLine extends Span {
  text: string;
  indentation: string;
}

export interface Mermaid {
  code: string;
  /** The keyword of the first line, e.g. `flowchart`; `graph` counts as that. */
  type: string;
  header: MermaidLine;
  /** What follows the header, without empty lines and comments. */
  lines: MermaidLine[];
  /** Lines before the header that set options. */
  directives: MermaidLine[];
}

const emptyLine: MermaidLine = { start: 0, end: 0, text: '', indentation: '' };

/** The lines of a diagram by what they are. */
export function readMermaid(code: string): Mermaid {
  const all = linesOf(code);
  const frontMatterEnd = all[0]?.text === '---' ? all.findIndex(({ text }, index) => index > 0 && text === '---') : -1;
  const behind = all.slice(frontMatterEnd + 1);
  const headerAt = behind.findIndex(({ text }) => text !== '' && !text.startsWith('%%'));
  const header = behind[headerAt] ?? emptyLine;
  return {
    code,
    type: (/^[\w-]+/.exec(header.text)?.[0] ?? '').replace(/^graph$/, 'flowchart').replace(/-v2$|-beta$/, ''),
    header,
    lines:
      headerAt === -1 ? [] : behind.slice(headerAt + 1).filter(({ text }) => text !== '' && !text.startsWith('%%')),
    directives: all
      .slice(0, all.length - behind.length + Math.max(0, headerAt))
      .filter(({ text }) => /[:{]/.test(text)),
  };
}

function linesOf(code: string): MermaidLine[] {
  let at = 0;
  return code.split('\n').map((line) => {
    const indentation = /^\s*/.exec(line)![0];
    const text = line.trim().replace(/;$/, '');
    const start = at + indentation.length;
    at += line.length + 1;
    return { start, end: start + text.length, text, indentation };
  });
}
