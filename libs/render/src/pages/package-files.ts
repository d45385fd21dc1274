import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import type { InterceptedResponse } from '@pentimento/sandbox';
import { LRUCache } from 'lru-cache';
import { RendererOutageError } from '../port/outage.ts';

/** Types of the files that pages may load; other files of a package are refused. */
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
const maxCacheBytes = 64 * 1024 * 1024;
const files = new LRUCache<string, InterceptedResponse>({
  maxSize: maxCacheBytes,
  sizeCalculation: ({ body }) => body.length + 1,
});

/**
 * A file of an installed npm package by its path in the package. Undefined if there is no such package or file, if the path leads out
 * of the package, and for types that no page needs.
 */
export function packageFile(name: string, path: string): InterceptedResponse | undefined {
  const key = `${name}/${path}`;
  const kept = files.get(key);
  if (kept) return kept;
  const mediaType = mediaTypes[extname(path)];
  const body = mediaType === undefined ? undefined : readInside(packageFolder(name), path);
  if (!body) return undefined;
  const response = { mediaType: mediaType!, body };
  files.set(key, response);
  return response;
}

/** @throws RendererOutageError where the package is not installed. */
export function packageVersion(name: string): string {
  const version = installedVersion(name);
  if (version === undefined)
    throw new RendererOutageError(`The npm package ${name} is not installed: run "npm install".`);
  return version;
}

/** Undefined if the package is not installed. */
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
