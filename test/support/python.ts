import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const loaders = new URL('../loaders/', import.meta.url).pathname;

/** A Python without any package. */
export const plainPython = process.env.PENTIMENTO_PYTHON ?? '/usr/bin/python3';

/** The Python of PENTIMENTO_TRAINERS_PYTHON, or why there is none that has the package. */
export function trainersPython(packageName: string): { python: string | null; reason: string } {
  const python = process.env.PENTIMENTO_TRAINERS_PYTHON;
  if (!python) return { python: null, reason: 'PENTIMENTO_TRAINERS_PYTHON names no Python' };
  try {
    execFileSync(python, ['-c', `import ${packageName}`], { stdio: 'ignore' });
    return { python, reason: '' };
  } catch {
    return { python: null, reason: `the Python of PENTIMENTO_TRAINERS_PYTHON has no ${packageName}` };
  }
}

/** What a program of `test/loaders` prints as JSON about an export. Rejects with its traceback where it refuses it. */
export async function readWithPython<T>(python: string, loader: string, path: string): Promise<T> {
  const run = promisify(execFile);
  const env = { ...process.env, HF_DATASETS_OFFLINE: '1', HF_HUB_OFFLINE: '1', HF_HOME: `${path}-cache` };
  const { stdout } = await run(python, [`${loaders}${loader}`, path], { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}
