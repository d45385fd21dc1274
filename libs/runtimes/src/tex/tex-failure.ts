import type { RenderFailureKind } from '@pentimento/contracts';
import { causeOf } from './tex-cause.ts';
import { endOf, type TexReport } from './tex-log.ts';

/** What is read of what TeX printed. */
const maxTerminalLength = 16_384;
/** Longest source in which the place of an error is looked for. */
const maxSourceLength = 131_072;

/** What was typeset, for finding lines of the code that it was made from. */
export interface Typeset {
  source: string;
  /** Text that is not in the code. */
  additions: readonly string[];
}

/** The first error of a run in TeX's words, with the line of the model's code. */
export function failureOf(whole: TexReport, typeset: Typeset): { kind: RenderFailureKind; message: string } {
  const report = { log: endOf(whole), terminal: whole.terminal.slice(0, maxTerminalLength) };
  const error = readError(report.log);
  if (!error) {
    return {
      kind: isOutOfMemory(report.log + report.terminal) ? 'memory' : 'runtime',
      message: `LaTeX ended without an image and without an error.\n${lastLines(report)}`,
    };
  }
  const path = refusedPath(report, error);
  const file = /File [`']([^']{1,300})' not found/.exec(error.message)?.[1];
  const context = (file !== undefined && lineNaming(file, typeset)) || contextOf(error, typeset.additions);
  const cause =
    typeset.source.length > maxSourceLength ? undefined : causeOf(error.message, report.log, typeset.source);
  const shown = context || (cause?.line === undefined ? '' : lineOf(cause.line, typeset));
  const isBare = cause !== undefined && error.message === '! Emergency stop.';
  const text = [cause?.sentence, isBare ? '' : error.message, shown].filter(Boolean).join('\n');
  if (path !== undefined) {
    return {
      kind: 'blocked',
      message: `A render may not open ${path}: it has no files but the document itself.\n${text}`,
    };
  }
  return {
    kind: isOutOfMemory(error.message) ? 'memory' : 'syntax',
    message: file === undefined ? text : `${adviceFor(file)}\n${text}`,
  };
}

const isOutOfMemory = (text: string): boolean => /TeX capacity exceeded|not enough memory/.test(text);

interface TexError {
  message: string;
  /** The number of the line in the document, the part that TeX had read, and the rest. */
  position: { line: string; read: string; unread: string } | undefined;
}

const maxErrorLines = 60;
/** TeX breaks its lines before that. */
const maxLineLength = 1000;

/** TeX's error: a line that begins with "!", a few more, then the line at which it stopped, broken in two at that position. */
function readError(log: string): TexError | undefined {
  const lines = log.split('\n');
  const start = lines.findIndex((line) => line.startsWith('! '));
  if (start === -1) return undefined;
  const block = lines.slice(start, start + maxErrorLines).map((line) => line.slice(0, maxLineLength));
  const at = block.findIndex((line) => /^l\.\d+ /.test(line));
  const head = at === -1 ? block : block.slice(0, at);
  const end = head.findIndex((line, index) => index > 0 && isAfterMessage(line));
  const message = (end === -1 ? head : head.slice(0, end)).join('\n').trim();
  const [, line, read] = /^l\.(\d+) (.*)$/.exec(block[at] ?? '') ?? [];
  return {
    message,
    position: line === undefined ? undefined : { line, read: read!, unread: (block[at + 1] ?? '').trim() },
  };
}

/** Advice for a person at a terminal, and the macros that TeX was expanding. */
const isAfterMessage = (line: string): boolean =>
  /^\s*$|^See the |^Type |^ ?->|^\\[^ ]* ->|^<[a-z*]|^\.\.\.|^! |^For immediate help/.test(line);

const maxRead = 160;
const maxUnread = 80;

function contextOf({ position }: TexError, additions: readonly string[]): string {
  if (!position) return '';
  const read = additions.reduce(without, position.read);
  const unread = additions.reduce(without, position.unread);
  const shown = read.length > maxRead ? `...${read.slice(-maxRead)}` : read;
  return `l.${position.line} ${shown}\n    ${unread.length > maxUnread ? `${unread.slice(0, maxUnread)}...` : unread}`.trimEnd();
}

/** TeX shows only the end of a long line, so the beginning of an addition may be cut off. */
function without(text: string, addition: string): string {
  const whole = addition ? text.replaceAll(addition, '') : text;
  if (!whole.startsWith('...')) return whole;
  const tail = whole.slice(3);
  for (let length = Math.min(tail.length, addition.length); length > 8; length--) {
    if (tail.startsWith(addition.slice(-length))) return tail.slice(length);
  }
  return whole;
}

/** The first line of the code that contains the file's name. */
function lineNaming(file: string, { source, additions }: Typeset): string | undefined {
  if (source.length > maxSourceLength) return undefined;
  const name = file.replace(/\.(?:sty|cls|tex|code\.tex)$/, '');
  const index = codeLines({ source, additions }).findIndex((line) => line.includes(name));
  return index === -1 ? undefined : lineOf(index + 1, { source, additions });
}

const codeLines = ({ source, additions }: Typeset): string[] =>
  additions.reduce((text, addition) => (addition ? text.replace(addition, '') : text), source).split('\n');

/** A line of the code, from 1, as TeX would show it. */
const lineOf = (number: number, typeset: Typeset): string =>
  `l.${number} ${(codeLines(typeset)[number - 1] ?? '').trim().slice(0, maxRead)}`.trimEnd();

function adviceFor(file: string): string {
  const [, name, kind] = /^(.*)\.(sty|cls)$/.exec(file) ?? [];
  if (name !== undefined) {
    return `The ${kind === 'cls' ? 'class' : 'package'} ${name} is not installed here: do without it.`;
  }
  if (/\.(?:png|jpe?g|pdf|eps)$/i.test(file)) return `There is no image ${file} here: draw it instead of including it.`;
  return `There is no file ${file} here: write its contents into the document.`;
}

/** Whether TeX stopped at something that only mathematics may contain. */
export const isMathFailure = (report: TexReport): boolean =>
  /Missing \$ inserted|allowed only in math mode|\\tag not allowed here/.test(readError(endOf(report))?.message ?? '');

/** A path outside of the job's folder that TeX refused to open, or did not find in the sandbox. */
function refusedPath({ terminal }: TexReport, { message }: TexError): string | undefined {
  const refused = [...terminal.matchAll(/Not (?:reading from|writing to) (\S+) \(open(?:in|out)_any = p\)/g)]
    .map((match) => match[1]!)
    .find((path) => path !== '/dev/null');
  return refused ?? /^! (\/\S+) not found|File [`'](\/[^']{1,300})' not found/.exec(message)?.slice(1).find(Boolean);
}

const lastLines = ({ log, terminal }: TexReport): string =>
  (log.trim() || terminal.trim()).split('\n').slice(-8).join('\n');
