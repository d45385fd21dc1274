import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const loaders = new URL('../loaders/', import.meta.url);

/** A Python without any package. */
export const plainPython = process.env.PENTIMENTO_PYTHON ?? '/usr/bin/python3';

/** The first of the programs that is a Python with these modules, or undefined. */
export async function findPython(programs: (string | undefined)[], modules: string[]): Promise<string | undefined> {
  const script = 'import sys; from importlib.util import find_spec; sys.exit(not all(map(find_spec, sys.argv[1:])))';
  for (const program of programs) {
    if (program === undefined) continue;
    const found = await run(program, ['-c', script, ...modules]).catch(() => undefined);
    if (found) return program;
  }
  return undefined;
}

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

/** What a Python program prints on standard output. Rejects with what it printed on standard error where it fails. */
export async function runPython(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(program, ['-B', ...args], { env, maxBuffer: 256 * 2 ** 20 }).catch(
    (error: Error & { stderr: string }) => {
      throw new Error(error.stderr.slice(-4000), { cause: error });
    },
  );
  return stdout;
}

/** What a program of `test/loaders` prints. `cache`: a folder for what the packages keep; nothing is downloaded. */
export function runLoader(python: string, loader: string, args: readonly string[], cache: string): Promise<string> {
  const offline = { HF_HOME: cache, HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' };
  return runPython(python, [fileURLToPath(new URL(loader, loaders)), ...args], { ...process.env, ...offline });
}

/** What a program of `test/loaders` prints as JSON about an export. Rejects with its traceback where it refuses it. */
export async function readWithPython<T>(python: string, loader: string, path: string): Promise<T> {
  return JSON.parse(await runLoader(python, loader, [path], `${path}-cache`)) as T;
}
