import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findExecutable } from '../sandbox/executable.ts';

const run = promisify(execFile);

export interface Interpreter {
  path: string;
  /** Folders beside the system's that it needs: of a virtual environment, or of a Python of its own. */
  folders: string[];
}

/** Debian's Python has Debian's libraries; another one in PATH mostly has none, so it must be named. */
const debian = '/usr/bin/python3';

export function findPython(setting: string | undefined): string | undefined {
  return findExecutable([setting || debian], undefined);
}

/** @throws Error where the program does not answer as a Python of version 3.9 or later. */
export async function inspectInterpreter(path: string): Promise<Interpreter> {
  try {
    const question = 'import json, os, sys; os.pidfd_open; print(json.dumps([sys.prefix, sys.base_prefix]))';
    const { stdout } = await run(path, ['-I', '-c', question], { timeout: 20_000, cwd: '/', env: {} });
    const prefixes = new Set(JSON.parse(stdout) as string[]);
    return { path, folders: [...prefixes].flatMap(foldersOf) };
  } catch (cause) {
    throw new Error(`${path} is no Python that can be used: name one of version 3.9 or later in PENTIMENTO_PYTHON.`, {
      cause,
    });
  }
}

/** Only what is Python's own: /usr is open to every sandbox, and /usr/local may hold someone's work. */
function foldersOf(prefix: string): string[] {
  if (prefix === '/usr') return [];
  if (prefix === '/usr/local')
    return ['bin', 'lib'].map((name) => join(prefix, name)).filter((path) => existsSync(path));
  return [prefix];
}
