/** What Mermaid removes before it counts lines. */
const mark = /^-{3}\s*$/;
const isBlank = (line: string): boolean => line.trim() === '';

/**
 * The error with the lines of the code as it was written: Mermaid counts without front matter, comments, directives and what stands blank
 * before them.
 */
export function withLinesOf(code: string, message: string): string {
  const numbers = countedLines(code);
  return message.replace(/\bon line (\d+)/g, (whole, line: string) => {
    const number = numbers[Number(line) - 1];
    return number === undefined ? whole : `on line ${number}`;
  });
}

/** The numbers of the lines, from 1, that Mermaid counts. */
function countedLines(code: string): number[] {
  const lines = code.split('\n');
  let start = 0;
  if (mark.test(lines[0]!)) start = lines.findIndex((line, at) => at > 0 && mark.test(line)) + 1;
  const counted: number[] = [];
  let isDirective = false;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at]!;
    if (/^\s*%%(?!\{)/.test(line)) {
      while (counted.length > 0 && isBlank(lines[counted.at(-1)! - 1]!)) counted.pop();
      continue;
    }
    isDirective ||= /^\s*%%\{/.test(line);
    const isInside = isDirective && !line.includes('}%%');
    if (isDirective && !isInside) {
      isDirective = false;
      if (counted.length === 0) continue;
    }
    if (isInside || (counted.length === 0 && isBlank(line))) continue;
    counted.push(at + 1);
  }
  return counted;
}
