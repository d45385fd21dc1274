import { appendFileSync, readFileSync } from 'node:fs';
import type { ScriptInput } from './script-matching.ts';

/** One line of the log. `started` comes before the step's delay, `finished` once the reply is whole. */
export interface LoggedCall {
  event: 'started' | 'finished';
  /** Milliseconds since the epoch. */
  at: number;
  pid: number;
  /** Fingerprint of the prompt; `promptDigest` gives the same of a stored prompt. */
  digest: string;
  seed: number | null;
  model: string;
  task: string | null;
  score: number | null;
  /** Index of the script's step. */
  step: number;
}

export interface CallLog {
  append(event: LoggedCall['event'], input: ScriptInput, step: number): void;
  /** How often the prompt has been started by now, over all processes. */
  started(digest: string, seed: number | null): number;
}

/** Appends one JSON line a call; a line is one write, so that processes may share the file. */
export function openLog(path: string): CallLog {
  return {
    append(event, { digest, seed, model, task }, step) {
      const line: LoggedCall = {
        event,
        at: Date.now(),
        pid: process.pid,
        digest,
        seed,
        model,
        task: task?.task ?? null,
        score: task?.score ?? null,
        step,
      };
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
    started: (digest, seed) =>
      readLines(path).filter((line) => line.event === 'started' && line.digest === digest && line.seed === seed).length,
  };
}

/** Stands in where the script names no log. */
export const noLog: CallLog = { append: () => {}, started: () => 0 };

function readLines(path: string): LoggedCall[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as LoggedCall);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
