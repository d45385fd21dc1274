import { readFileSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Holder {
  pid: number;
  /** Start of the process in clock ticks since boot: tells it from a later process with the same number. */
  started: string;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command's name before it may hold spaces and brackets. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const isAlive = (holder: Holder): boolean => startOf(holder.pid) === holder.started;

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

export type HomeLock = { held: true; release(): Promise<void> } | { held: false; pid: number };

/** Takes the one server's place over a home. A lock whose process is gone is taken over. */
export async function lockHome(path: string): Promise<HomeLock> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
      await file.close();
      return { held: true, release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readHolder(path);
    if (holder && isAlive(holder)) return { held: false, pid: holder.pid };
    await rm(path, { force: true });
  }
}
