import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

interface Holder {
  pid: number;
  /** Start of the process in clock ticks since boot: distinguishes it from a later process with the same pid. */
  started: string;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command's name before it may contain spaces and brackets. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const isAlive = (holder: Holder): boolean => startOf(holder.pid) === holder.started;

/** Undefined where there is no lock. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return nobody;
  }
}

/** The holder of a lock that a crash of the machine left empty. */
const nobody: Holder = { pid: 0, started: '' };

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

export type HomeLock = { held: true; release(): Promise<void> } | { held: false; pid: number };

/** Locks an existing home for one server. Takes over a lock whose process is gone. */
export async function lockHome(path: string): Promise<HomeLock> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkTo(own, path)) return { held: true, release: () => rm(path, { force: true }) };
      const holder = await readHolder(path);
      if (holder && isAlive(holder)) return { held: false, pid: holder.pid };
      await clear(path, own);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Links a written file under a free name, so that readers see it complete. False where the name is taken. */
async function linkTo(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes an abandoned lock, one process at a time: otherwise the slower of two could remove the lock of the faster. */
async function clear(path: string, own: string): Promise<void> {
  const turn = `${path}.turn`;
  if (!(await linkTo(own, turn))) {
    if (await isAbandoned(turn)) await rm(turn, { force: true });
    return;
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

/** Whether the lock exists and its process is gone, or it names none. */
async function isAbandoned(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== undefined && !isAlive(holder);
}
