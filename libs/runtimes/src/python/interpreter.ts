import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findExecutable, insideFolder } from '@pentimento/sandbox';

const run = promisify(execFile);

export interface Interpreter {
  path: string;
  /** Folders beside the system's that it needs, and where a sandbox shows them: a virtual environment, a Python of its own. */
  folders: ReadonlyMap<string, string>;
}

/** Debian's Python has Debian's libraries; another one in PATH mostly has none, so it must be named. */
const debian = '/usr/bin/python3';

export function findPython(setting: string | undefined): string | undefined {
  return findExecutable([setting || debian], undefined);
}

/** @throws Error where the program does not answer as a Python of version 3.9 or later. */
export async function inspectInterpreter(path: string): Promise<Interpreter> {
  try {
    const question =
      'import json, os, sys; os.pidfd_open; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';
    const { stdout } = await run(path, ['-I', '-c', question], { timeout: 20_000, cwd: '/', env: {} });
    const [executable, ...prefixes] = JSON.parse(stdout) as [string, string, string];
    const folders = [...new Set(prefixes)].flatMap(foldersOf);
    const isShown = ['/usr/bin', ...folders].some((folder) => executable.startsWith(`${folder}/`));
    return {
      path: isShown ? executable : realpathSync(executable),
      folders: new Map(folders.map((folder, index) => [folder, placeOf(folder, index)])),
    };
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

/** In its own place, since an environment names its Python by path; but each render has a /tmp of its own. */
const placeOf = (folder: string, index: number): string =>
  folder.startsWith('/tmp/') ? `${insideFolder}/python${index}` : folder;
