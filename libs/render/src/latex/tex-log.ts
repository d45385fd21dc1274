import type { RenderFailureKind } from '@pentimento/contracts';

/** What TeX's log and its terminal say of a run. */
export interface TexReport {
  log: string;
  terminal: string;
}

/** Whether a second run would come to something else. */
export function asksForAnotherRun({ log }: TexReport, source: string): boolean {
  if (/Rerun (?:to get|LaTeX)|\(re\)run LaTeX|Label\(s\) may have changed|There were undefined references/.test(log))
    return true;
  if (/No file [\w.-]+\.(?:toc|lof|lot)\b/.test(log)) return true;
  return /remember picture/.test(source);
}

/** Warnings that tell why a picture lacks something. */
export function remarksOf({ log }: TexReport): string {
  const lines = log.match(/^(?:Missing character: .*|LaTeX Warning: (?:Reference|Citation) .*)$/gm) ?? [];
  return [...new Set(lines)].slice(0, 10).join('\n');
}

const contextLines = 14;

/** The first error of a run in the words of TeX, with the line of the model's code. */
export function failureOf(report: TexReport, additions: string[]): { kind: RenderFailureKind; message: string } {
  const refusal = refusedPath(report);
  const error = firstError(report.log);
  if (!error)
    return { kind: 'runtime', message: `LaTeX ended without a picture and without an error.\n${lastLines(report)}` };
  const text = additions.reduce((left, addition) => withoutAddition(left, addition), error);
  if (refusal) {
    return {
      kind: 'blocked',
      message: `A render may not open ${refusal}: it has no files but the document itself.\n${text}`,
    };
  }
  return { kind: kindOf(error), message: `${adviceFor(error)}${text}` };
}

function firstError(log: string): string | undefined {
  const lines = log.split('\n');
  const start = lines.findIndex((line) => line.startsWith('! '));
  if (start === -1) return undefined;
  const block = lines.slice(start, start + 60);
  const place = block.findIndex((line) => /^l\.\d+ /.test(line) || /^<\*>/.test(line));
  const message = block.slice(0, place === -1 ? contextLines : place);
  const shown = message.filter(
    (line) => !/^(?:$|See the .* (?:package|class) (?:documentation|manual)|Type {2}H <return>| \.\.\.)/.test(line),
  );
  const context = place === -1 ? [] : block.slice(place, place + 2);
  return [...shown.slice(0, contextLines), ...context].join('\n').trimEnd();
}

/** TeX shows the end of a long line only, so that an addition may be cut off at its left. */
function withoutAddition(text: string, addition: string): string {
  const whole = text.replaceAll(addition, '');
  const cut = /^(l\.\d+ )\.\.\.(.*)$/m.exec(whole);
  const tail = cut?.[2] ?? '';
  for (let length = Math.min(tail.length, addition.length); length > 8; length--) {
    if (tail.startsWith(addition.slice(-length))) return whole.replace(`...${tail}`, tail.slice(length));
  }
  return whole;
}

function kindOf(error: string): RenderFailureKind {
  if (/TeX capacity exceeded|not enough memory|memory allocation/i.test(error)) return 'memory';
  if (/File ended while|Dimension too large|Emergency stop/.test(error)) return 'syntax';
  return 'syntax';
}

function adviceFor(error: string): string {
  const file = /File [`']([^']+)' not found/.exec(error)?.[1];
  if (!file) return '';
  const name = /^(.*)\.(sty|cls)$/.exec(file);
  if (name) return `The ${name[2] === 'cls' ? 'class' : 'package'} ${name[1]} is not installed here: do without it.\n`;
  if (/\.(?:png|jpe?g|pdf|eps)$/i.test(file) || /graphic/i.test(error)) {
    return `There is no picture ${file} here: draw it instead of including it.\n`;
  }
  return `There is no file ${file} here: write its contents into the document.\n`;
}

/** A path that TeX was told not to open, in the sandbox's words of "paranoid". */
function refusedPath({ terminal }: TexReport): string | undefined {
  return [...terminal.matchAll(/Not (?:reading from|writing to) (\S+) \(open(?:in|out)_any = p\)/g)]
    .map((match) => match[1]!)
    .find((path) => path !== '/dev/null' && !path.startsWith('/pentimento/'));
}

const lastLines = ({ log, terminal }: TexReport): string =>
  (log.trim() || terminal.trim()).split('\n').slice(-8).join('\n');
