/** Reads LaTeX source as far as that is possible without running it: commands with their arguments, and comments. */

export interface Command {
  name: string;
  start: number;
  /** Just after its last argument. */
  end: number;
  /** Contents of its `[...]` and `{...}`, in order. */
  options: string[];
  groups: string[];
}

/** The commands at the start of the source up to the first that is not among `names`, with only space and comments between. */
export function leadingCommands(source: string, names: ReadonlySet<string>): Command[] {
  const found: Command[] = [];
  for (let at = skipBlank(source, 0); ; at = skipBlank(source, found.at(-1)!.end)) {
    const command = readCommand(source, at);
    if (!command || !names.has(command.name)) return found;
    found.push(command);
  }
}

/** The command that begins at `start`; undefined if there is none, or if one of its arguments does not end. */
export function readCommand(source: string, start: number): Command | undefined {
  const name = /^\\([a-zA-Z@]+)\*?/.exec(source.slice(start, start + 64));
  if (!name) return undefined;
  const command: Command = { name: name[1]!, start, end: start + name[0].length, options: [], groups: [] };
  for (;;) {
    const at = skipBlank(source, command.end);
    const open = source[at];
    if (open !== '[' && open !== '{') return command;
    const end = endOfArgument(source, at);
    if (end === undefined) return undefined;
    (open === '[' ? command.options : command.groups).push(source.slice(at + 1, end - 1));
    command.end = end;
  }
}

/** All commands of one name, up to the first one that does not end. */
export function commandsNamed(source: string, name: string): Command[] {
  const found: Command[] = [];
  for (let at = source.indexOf(`\\${name}`); at !== -1; at = source.indexOf(`\\${name}`, found.at(-1)!.end)) {
    const command = readCommand(source, at);
    if (!command) break;
    found.push(command);
  }
  return found.filter((command) => command.name === name);
}

/** The first index from `at` on that is neither space nor within a comment. */
export function skipBlank(source: string, at: number): number {
  const blank = /(?:\s+|%[^\n]*(?:\n|$))*/y;
  blank.lastIndex = at;
  blank.exec(source);
  return blank.lastIndex;
}

function endOfArgument(source: string, start: number): number | undefined {
  const isOptional = source[start] === '[';
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (character === '%') at = skipComment(source, at);
    else if (character === '{') depth++;
    else if (character === '}') depth--;
    if (depth < 0) return undefined;
    if (depth === 0 && character === (isOptional ? ']' : '}')) return at + 1;
  }
  return undefined;
}

function skipComment(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

/** The source with comments replaced by spaces, so that all indexes stay the same. */
export function withoutComments(source: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = source.indexOf('%'); at !== -1; at = source.indexOf('%', at)) {
    if (isEscaped(source, at)) {
      at++;
      continue;
    }
    const end = skipComment(source, at);
    parts.push(source.slice(kept, at), ' '.repeat(end - at));
    at = kept = end;
  }
  return parts.join('') + source.slice(kept);
}

/** Whether an odd number of backslashes stands before the index. */
function isEscaped(source: string, at: number): boolean {
  let start = at;
  while (source[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}
