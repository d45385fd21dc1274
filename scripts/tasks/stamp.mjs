import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeSetupFolder, root, setupFolder } from './paths.mjs';

const unread = new Set(['node_modules', 'dist', 'out', '.next', 'generated']);

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(
      (entry) => !unread.has(entry.name) && !entry.name.endsWith('.tsbuildinfo') && !entry.name.startsWith('next-env'),
    )
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}

/** One hash over the names and contents of files and folders of the repository. */
export function hashOf(paths, base = root) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((name) => filesUnder(join(base, name)))) {
    hash
      .update(`${relative(base, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

const stampFile = (name) => join(setupFolder, `${name}.stamp`);

/** Whether the step ended well with exactly this key. */
export function isStamped(name, key) {
  try {
    return readFileSync(stampFile(name), 'utf8') === key;
  } catch {
    return false;
  }
}

export function stamp(name, key) {
  makeSetupFolder();
  writeFileSync(stampFile(name), key);
}

export function unstamp(name) {
  rmSync(stampFile(name), { force: true });
}
