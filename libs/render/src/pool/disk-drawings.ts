import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { ByteCache } from '@pentimento/contracts';
import type { Drawing } from '../port/renderer.ts';

const lengthBytes = 4;

/** Drawings as bytes under the words that say all about them: renderer, machine, language, size, code, reference. */
export class DiskDrawings {
  readonly #cache: ByteCache;
  readonly #machine: string;

  /** `chromium` is the browser that several languages draw with. */
  constructor(cache: ByteCache, chromium: string | undefined) {
    this.#cache = cache;
    this.#machine = machineOf(chromium);
  }

  async get(key: string): Promise<Drawing | undefined> {
    const bytes = await this.#cache.get(this.#nameOf(key));
    return bytes && unpack(bytes);
  }

  async set(key: string, drawing: Drawing): Promise<void> {
    await this.#cache.set(this.#nameOf(key), pack(drawing));
  }

  #nameOf(key: string): string {
    return `drawing ${this.#machine} ${key}`;
  }
}

/** The length of what is known about the drawing, that as JSON, and the image where there is one. */
function pack(drawing: Drawing): Uint8Array {
  const { image, ...rest } = drawing.status === 'ok' ? drawing : { ...drawing, image: new Uint8Array() };
  const said = Buffer.from(JSON.stringify(rest));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(said.length);
  return Buffer.concat([length, said, image]);
}

/** Undefined for what another version of this program packed. */
function unpack(bytes: Uint8Array): Drawing | undefined {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = lengthBytes + buffer.readUInt32BE();
    const said = JSON.parse(buffer.toString('utf8', lengthBytes, end)) as Drawing;
    if (said.status === 'failed') return said;
    return said.status === 'ok' ? { ...said, image: buffer.subarray(end) } : undefined;
  } catch {
    return undefined;
  }
}

const fontFolders = ['/usr/share/fonts', '/usr/local/share/fonts', '/etc/fonts/conf.d'];

/** The libraries that have a part in a drawing: their sources, and their manifests, which name the versions of packages. */
const libraries = ['render', 'runtimes', 'sandbox', 'imaging'];

/** What no renderer's own version says: which browser and which fonts are installed, and what these libraries are today. */
function machineOf(chromium: string | undefined): string {
  const hash = createHash('sha256').update(chromium === undefined ? '' : identityOf(chromium));
  for (const folder of fontFolders) for (const path of filesUnder(folder)) hash.update(identityOf(path));
  for (const library of libraries) {
    const manifest = findPackageJSON(`@pentimento/${library}`, import.meta.url)!;
    const folder = dirname(manifest);
    for (const path of [...filesUnder(join(folder, 'src')), manifest])
      hash.update(`${library}/${relative(folder, path)}`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

function identityOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return `${file} ${found?.size} ${found?.mtimeMs}\n`;
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}
