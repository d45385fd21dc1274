import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlphaMode } from '@pentimento/contracts';
import type { ParityCase } from './reward-cases.ts';

/** For each alpha mode: the grid, and the hash of the RGB bytes of all tiles in order. */
export type Cuts = Record<AlphaMode, string>;

const python = process.env.PENTIMENTO_PYTHON ?? '/usr/bin/python3';
const oracle = new URL('reward-oracle.py', import.meta.url).pathname;

export function hasPillow(): boolean {
  try {
    execFileSync(python, ['-c', 'from PIL import features; assert features.check("webp")'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Pillow's tiles of each case by its name, from one interpreter. */
export async function pillowCuts(cases: readonly ParityCase[]): Promise<Record<string, Cuts>> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-parity-'));
  try {
    const jobs = [];
    for (const [index, { name, bytes, stretch }] of cases.entries()) {
      const path = join(folder, String(index));
      await writeFile(path, await bytes());
      jobs.push({ name, path, stretch });
    }
    return JSON.parse(await runOracle(JSON.stringify(jobs))) as Record<string, Cuts>;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runOracle(jobs: string): Promise<string> {
  const child = spawn(python, [oracle], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(jobs);
  const output = await text(child.stdout);
  if (output === '') throw new Error('Pillow gave no answer: see what it wrote above.');
  return output;
}
