import type { Terminal } from '../terminal.ts';

export interface TestTerminal extends Terminal {
  stdout: string[];
  stderr: string[];
  /** A Ctrl-C. */
  interrupt(): void;
}

/** Keeps what is written; `onProgress` sees each line of progress as it comes. */
export function testTerminal(
  environment: Terminal['environment'] = {},
  onProgress: (line: string, terminal: TestTerminal) => void = () => {},
  input = '',
): TestTerminal {
  const listeners = new Set<() => void>();
  const terminal: TestTerminal = {
    stdout: [],
    stderr: [],
    colours: false,
    environment,
    input: (limit) =>
      input.length > limit ? Promise.reject(new RangeError('More.')) : Promise.resolve(new TextEncoder().encode(input)),
    data: (text) => void terminal.stdout.push(text),
    progress(line) {
      terminal.stderr.push(line);
      onProgress(line, terminal);
    },
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    interrupt: () => listeners.forEach((listener) => listener()),
  };
  return terminal;
}
