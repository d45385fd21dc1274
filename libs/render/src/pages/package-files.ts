import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import type { Served } from '@pentimento/sandbox';

/** Types that a page may be given; other files of a package are not served. */
const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
};

const folders = new Map<string, string | undefined>();
const files = new Map<string, Served>();
let keptBytes = 0;
const maxKeptBytes = 64 * 1024 * 1024;

/**
 * A file of an installed npm package, by its path inside it. Undefined where there is no such package or file, where the path leads
 * out of the package, and for types that no page needs.
 */
export function packageFile(name: string, path: string): Served | undefined {
  const key = `${name}/${path}`;
  const kept = files.get(key);
  if (kept) return kept;
  const mediaType = mediaTypes[extname(path)];
  const body = mediaType === undefined ? undefined : readInside(packageFolder(name), path);
  if (!body) return undefined;
  const served = { mediaType: mediaType!, body };
  if (keptBytes + body.length <= maxKeptBytes) {
    keptBytes += body.length;
    files.set(key, served);
  }
  return served;
}

/** @throws Error where the package is not installed. */
export function packageVersion(name: string): string {
  const version = installedVersion(name);
  if (version === undefined) throw new Error(`The npm package ${name} is not installed: run "npm install".`);
  return version;
}

/** Undefined where the package is not installed. */
export function installedVersion(name: string): string | undefined {
  const folder = packageFolder(name);
  if (folder === undefined) return undefined;
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

function packageFolder(name: string): string | undefined {
  if (!folders.has(name)) folders.set(name, findFolder(name));
  return folders.get(name);
}

function findFolder(name: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, import.meta.url);
    return manifest && realpathSync(dirname(manifest));
  } catch {
    return undefined;
  }
}

function readInside(folder: string | undefined, path: string): Uint8Array | undefined {
  if (folder === undefined || path.includes('\0') || path.split('/').includes('..')) return undefined;
  try {
    const real = realpathSync(join(folder, path));
    return real.startsWith(folder + sep) ? readFileSync(real) : undefined;
  } catch {
    return undefined;
  }
}
