import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { ByteCache } from '@pentimento/contracts';
import { filesUnder } from '@pentimento/runtimes';
import type { Rendered } from '../port/outcome.ts';
import type { RenderOutput } from '../port/renderer.ts';

const lengthBytes = 4;

/** Outputs as bytes. Their keys name the machine too, because fonts and programs that a renderer's version does not name decide pixels. */
export class RenderDiskCache {
  readonly #cache: ByteCache;
  readonly #machine: string;

  /** @param chromium path of the browser that several languages are rendered by. */
  constructor(cache: ByteCache, chromium: string | undefined) {
    this.#cache = cache;
    this.#machine = machineDigest(chromium);
  }

  async get(key: string): Promise<RenderOutput | undefined> {
    const bytes = await this.#cache.get(this.#nameOf(key));
    return bytes && unpack(bytes);
  }

  async set(key: string, output: RenderOutput): Promise<void> {
    await this.#cache.set(this.#nameOf(key), pack(output));
  }

  #nameOf(key: string): string {
    return `render ${this.#machine} ${key}`;
  }
}

/** The length of the JSON (4 bytes, big-endian), the output without its image as JSON, and the image where there is one. */
function pack(output: RenderOutput): Uint8Array {
  const image = renderedOf(output)?.image ?? new Uint8Array();
  const json = Buffer.from(JSON.stringify(output, (name, value: unknown) => (name === 'image' ? undefined : value)));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, image]);
}

/** Undefined for bytes that another version of this program packed. */
function unpack(bytes: Uint8Array): RenderOutput | undefined {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = lengthBytes + buffer.readUInt32BE();
    const output = JSON.parse(buffer.toString('utf8', lengthBytes, end)) as RenderOutput;
    if (output.status !== 'ok' && output.status !== 'failed') return undefined;
    const rendered = renderedOf(output);
    if (rendered) rendered.image = buffer.subarray(end);
    return output;
  } catch {
    return undefined;
  }
}

const renderedOf = (output: RenderOutput): Rendered | undefined =>
  output.status === 'ok' ? output : output.singleColor;

const fontFolders = ['/usr/share/fonts', '/usr/local/share/fonts', '/etc/fonts/conf.d'];

/** The libraries that take part in a render: their sources count, and their manifests, which name the versions of packages. */
const libraries = ['render', 'svg-source', 'mermaid-source', 'tex-pages', 'runtimes', 'sandbox', 'imaging'];

/** A digest of what no renderer's version names: the installed browser and fonts, and the code of this version of Pentimento. */
function machineDigest(chromium: string | undefined): string {
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
