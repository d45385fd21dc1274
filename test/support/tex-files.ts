import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Made by Debian's packages when they are installed, and therefore owned by none. */
const generated = ['/dev/', '/var/lib/texmf/', '/etc/texmf/', '/var/cache/fontconfig/', '/var/cache/fonts/'];

/** Whether TeX finds a file of this name, as a system installation does. */
export const texHas = (name: string): Promise<boolean> =>
  new Promise((resolve) => execFile('/usr/bin/kpsewhich', [name], { env: {}, cwd: '/' }, (error) => resolve(!error)));

/**
 * The files of the system that an engine reads for a document, by its own record.
 *
 * @throws Error where it does not typeset the document, with the end of its log.
 */
export async function filesReadBy(engine: string, document: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-tex-'));
  try {
    writeFileSync(join(folder, 'main.tex'), document);
    // The first run of LuaLaTeX reads every font of the system to build its database of fonts; the second one only what it uses.
    if (engine === 'lualatex') await typeset(engine, folder);
    await typeset(engine, folder);
    const record = readFileSync(join(folder, 'main.fls'), 'utf8');
    const read = [...record.matchAll(/^INPUT (\/.*)$/gm)].map((match) => match[1]!);
    return [...new Set(read)].filter((path) => ![folder, ...generated].some((start) => path.startsWith(start)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Typesets main.tex in its folder, which also holds what the engine keeps: nothing is written elsewhere. */
function typeset(engine: string, folder: string): Promise<void> {
  const kept = join(folder, 'var');
  const env = { PATH: '/usr/bin:/bin', HOME: folder, TEXMFVAR: kept, TEXMFCACHE: kept, LANG: 'C.UTF-8' };
  const flags = ['-recorder', '-interaction=batchmode', '-halt-on-error', '-no-shell-escape', 'main.tex'];
  return new Promise((resolve, reject) =>
    execFile(`/usr/bin/${engine}`, flags, { cwd: folder, env }, (error) => {
      if (!error) return resolve();
      const log = join(folder, 'main.log');
      const tail = existsSync(log) ? readFileSync(log, 'utf8').slice(-600) : error.message;
      reject(new Error(`${engine}: ${tail}`));
    }),
  );
}
