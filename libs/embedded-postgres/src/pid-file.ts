import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunningServer {
  pid: number;
  sockets: string;
}

/**
 * The running server of a data folder, found by its postmaster.pid (first line: pid, fifth: socket folder), or null. A
 * file of a killed server is removed if its pid now belongs to another program: PostgreSQL itself would refuse to start.
 */
export async function runningServer(data: string): Promise<RunningServer | null> {
  const path = join(data, 'postmaster.pid');
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  if (!(await isPostmaster(pid, data))) {
    await rm(path, { force: true });
    return null;
  }
  return { pid, sockets: lines[4] ?? '' };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isPostmaster(pid: number, data: string): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words[0]!.endsWith('/postgres') && words.includes(data);
}
