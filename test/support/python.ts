import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

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

/** What a Python program prints on standard output. Rejects with what it printed on standard error where it fails. */
export async function runPython(program: string, args: string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await run(program, ['-B', ...args], { env, maxBuffer: 64 * 2 ** 20 }).catch(
    (error: Error & { stderr: string }) => {
      throw new Error(error.stderr.slice(-4000), { cause: error });
    },
  );
  return stdout;
}
