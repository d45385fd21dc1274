import { withoutComments } from './commands.ts';

/** Why TeX stopped, in a sentence, and the line of the code where that can be repaired, from 1. */
export interface Cause {
  sentence: string;
  line?: number;
}

/** What lies behind an error that TeX words in its own terms, or notices only much later. Undefined where TeX says it best. */
export function causeOf(message: string, log: string, source: string): Cause | undefined {
  const bare = withoutComments(source);
  if (isNestingError(message)) {
    const nesting = commentedOut(source, bare) ?? misplacedFloat(message, bare) ?? unclosedEnvironment(bare);
    const cause = nesting ?? missingEnd(bare) ?? unclosedGroup(message, bare);
    if (cause) return cause;
  }
  if (message.startsWith('! Emergency stop')) return stopped(log);
  const [, environment] = /Environment (.{1,40}) undefined/.exec(message) ?? [];
  if (environment) return { sentence: `No package that the document loads has the environment ${environment}.` };
  if (/Missing \$ inserted|allowed only in math mode/.test(message)) {
    return { sentence: 'Something that only mathematics may contain stands in text: put it between dollar signs.' };
  }
  return undefined;
}

const isNestingError = (message: string): boolean =>
  /forgotten|ended by|File ended|Paragraph ended|Missing [^$]|missing \\item|outer par mode|Emergency stop|Too many }/.test(
    message,
  );

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** A percent sign that was meant to be shown begins a comment, which takes the end of a group or of options with it. */
function commentedOut(source: string, bare: string): Cause | undefined {
  const kept = bare.split('\n');
  for (const [index, line] of source.split('\n').entries()) {
    const before = kept[index]!.trimEnd();
    const after = line.slice(before.length).replace(/^\s*%/, '');
    if (after === line || depthOf(before) <= 0 || depthOf(after) >= 0) continue;
    return {
      sentence: `The % in line ${index + 1} begins a comment, which hides "${after.trim().slice(0, 80)}": write \\%.`,
      line: index + 1,
    };
  }
  return undefined;
}

/** Braces and brackets that open in a line less those that close. */
const depthOf = (line: string): number =>
  (line.match(/(?<!\\)[[{]/g)?.length ?? 0) - (line.match(/(?<!\\)[\]}]/g)?.length ?? 0);

function misplacedFloat(message: string, bare: string): Cause | undefined {
  if (!/missing \\item|outer par mode/.test(message)) return undefined;
  const float = /\\begin\s{0,9}\{(figure|table|algorithm|wrapfigure)\*?\}/.exec(bare);
  if (!float) return undefined;
  const where = /\\documentclass[^{}]{0,400}\{standalone\}/.test(bare) ? 'the class standalone' : 'this place';
  const line = lineAt(bare, float.index);
  return {
    sentence: `In ${where} nothing can float: leave out \\begin{${float[1]}}, its \\end and its \\caption (line ${line}), or use the class article.`,
    line,
  };
}

/** The environment that has no end. TeX itself names it only at the end of the document. */
function unclosedEnvironment(bare: string): Cause | undefined {
  const open: { name: string; index: number }[] = [];
  for (const { 1: command, 2: name, index } of bare.matchAll(/\\(begin|end)\s{0,9}\{([a-zA-Z*]{1,40})\}/g)) {
    if (command === 'begin') open.push({ name: name!, index });
    else if (open.at(-1)?.name === name) open.pop();
    else break;
  }
  const begun = open.at(-1);
  if (!begun || begun.name === 'document') return undefined;
  const line = lineAt(bare, begun.index);
  return { sentence: `The \\begin{${begun.name}} in line ${line} has no \\end{${begun.name}}.`, line };
}

function missingEnd(bare: string): Cause | undefined {
  if (!/\\begin\s*\{document\}/.test(bare) || /\\end\s*\{document\}/.test(bare)) return undefined;
  const line = lineAt(bare, bare.trimEnd().length);
  return { sentence: `The document has no \\end{document}: it ends in line ${line}.`, line };
}

/** A brace that has no partner. TeX reads on to the next empty line, or to the end. */
function unclosedGroup(message: string, bare: string): Cause | undefined {
  if (!/File ended|Paragraph ended|Emergency stop/.test(message)) return undefined;
  const open: number[] = [];
  for (const { 0: token, index } of bare.matchAll(/\\[^]|[{}]/g)) {
    if (token === '{') open.push(index);
    else if (token === '}') open.pop();
  }
  if (open.length === 0) return undefined;
  const line = lineAt(bare, open.at(-1)!);
  return { sentence: `The { in line ${line} has no }.`, line };
}

/** TeX shows what it was reading behind its last word. */
const stopped = (log: string): Cause => ({
  sentence: /^! Emergency stop\.\n<read /m.test(log)
    ? 'TeX asks a question on the terminal, which nobody answers: leave out the command that reads.'
    : 'The document ends before TeX has come to \\end{document}: look for a command that takes it as its argument.',
});
