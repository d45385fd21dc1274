import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variables } from './stack.ts';

/** A time during which an event loop did nothing else. */
export interface Stall {
  /** How late the loop was, milliseconds: what a request waits. On a busy machine most of it is other processes' work. */
  delayMs: number;
  /** Processor time that the loop's own thread used in that time, milliseconds. */
  cpuMs: number;
}

export interface StallLog {
  /** Settings of the program that is watched. */
  variables: Variables;
  /** The stalls since the last call, once the loop has had a turn. */
  take(): Promise<Stall[]>;
  remove(): Promise<void>;
}

/** More than one interval of the probe. */
const settleMs = 150;

/** Watches the event loops of the programs that are started with its variables. */
export async function stallLog(): Promise<StallLog> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-stalls-'));
  const file = join(folder, 'stalls.jsonl');
  let taken = 0;
  return {
    variables: { NODE_OPTIONS: `--import=${resolve(import.meta.dirname, 'stall-probe.ts')}`, STALL_LOG: file },
    async take() {
      await sleep(settleMs);
      const lines = linesOf(file).slice(taken);
      taken += lines.length;
      return lines.map((line) => JSON.parse(line) as Stall);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** The most processor time of one stall, milliseconds; 0 of none. */
export const longestWork = (stalls: readonly Stall[]): number => Math.max(0, ...stalls.map(({ cpuMs }) => cpuMs));
export const longestDelay = (stalls: readonly Stall[]): number => Math.max(0, ...stalls.map(({ delayMs }) => delayMs));
