import { readSettings } from '../settings/settings.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface TestTerminal extends Terminal {
  stdout: string[];
  stderr: string[];
  /** The status lines, without those that take one away. */
  statuses: string[];
  /** Simulates Ctrl-C. */
  interrupt(): void;
}

/** Records what is written; `onProgress` is called with each line of progress. */
export function testTerminal(
  environment: Terminal['environment'] = {},
  onProgress: (line: string, terminal: TestTerminal) => void = () => {},
  input = '',
): TestTerminal {
  const listeners = new Set<() => void>();
  const terminal: TestTerminal = {
    stdout: [],
    stderr: [],
    statuses: [],
    colors: false,
    settings: readSettings(environment),
    environment,
    input: (limit) =>
      input.length > limit ? Promise.reject(new RangeError('More.')) : Promise.resolve(new TextEncoder().encode(input)),
    data: (text) => void terminal.stdout.push(text),
    progress(line) {
      terminal.stderr.push(line);
      onProgress(line, terminal);
    },
    status: (line) => void (line !== null && terminal.statuses.push(line)),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    interrupt: () => listeners.forEach((listener) => listener()),
  };
  return terminal;
}
