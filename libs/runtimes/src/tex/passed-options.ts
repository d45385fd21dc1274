import type { Command } from './commands.ts';

/** Most characters of passed options: one list may be meant for thousands of packages. */
const maxPassedLength = 16_384;

/** Passes the author's options to packages that are loaded before the author's own lines, so that they do not clash. */
export function passedOptions(commands: readonly Command[]): string {
  let passed = '';
  for (const [name, options] of optionsByPackage(commands)) {
    if (passed.length + options.length + name.length > maxPassedLength) break;
    passed += `\\PassOptionsToPackage{${options}}{${name}}`;
  }
  return passed;
}

export const onOneLine = (text: string): string => text.replace(/%[^\n]*(?:\n|$)|\n/g, ' ');

function optionsByPackage(commands: readonly Command[]): Map<string, string> {
  const options = new Map<string, string>();
  for (const {
    name,
    options: [first],
    groups,
  } of commands) {
    if (name !== 'usepackage' || !first || !groups[0]) continue;
    const given = onOneLine(first);
    for (const wanted of groups[0].split(',')) options.set(wanted.trim(), given);
  }
  return options;
}
