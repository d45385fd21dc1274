import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findExecutable, sandboxFolder } from '@pentimento/sandbox';

const run = promisify(execFile);

export interface Interpreter {
  path: string;
  /**
   * Folders that it needs besides the system's, with their paths inside the sandbox: a virtual environment, or a Python that is not
   * Debian's.
   */
  folders: ReadonlyMap<string, string>;
}

/** Debian's Python has Debian's libraries. Another one in PATH mostly has none, so it must be named. */
const debianPython = '/usr/bin/python3';

/** @param path of an interpreter. Default: Debian's. */
export function findPython(path: string | undefined): string | undefined {
  return findExecutable([path || debianPython], undefined);
}

/** @throws Error where the program is not a Python of version 3.9 or later. */
export async function inspectInterpreter(path: string): Promise<Interpreter> {
  try {
    const code =
      'import json, os, sys; os.pidfd_open; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';
    const { stdout } = await run(path, ['-I', '-c', code], { timeout: 20_000, cwd: '/', env: {} });
    const [executable, ...prefixes] = JSON.parse(stdout) as [string, string, string];
    const folders = [...new Set(prefixes)].flatMap(foldersOf);
    const isVisible = ['/usr/bin', ...folders].some((folder) => executable.startsWith(`${folder}/`));
    return {
      path: isVisible ? executable : realpathSync(executable),
      folders: new Map(folders.map((folder, index) => [folder, insidePath(folder, index)])),
    };
  } catch (cause) {
    throw new Error(`${path} is not a usable Python: name one of version 3.9 or later in PENTIMENTO_PYTHON.`, {
      cause,
    });
  }
}

/** Only Python's own folders: every sandbox shows /usr, and /usr/local may hold private work. */
function foldersOf(prefix: string): string[] {
  if (prefix === '/usr') return [];
  if (prefix === '/usr/local')
    return ['bin', 'lib'].map((name) => join(prefix, name)).filter((path) => existsSync(path));
  return [prefix];
}

/** The same path, because an environment names its Python by path. A folder below /tmp moves: each render has its own /tmp. */
const insidePath = (folder: string, index: number): string =>
  folder.startsWith('/tmp/') ? `${sandboxFolder}/python${index}` : folder;
