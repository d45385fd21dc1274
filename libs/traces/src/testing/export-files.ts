import { exportOptionsSchema } from '@pentimento/contracts';
import type { ExportContext, ExportFiles } from '../export/exporter.ts';
import { readSampleBlob } from './traces.ts';

/** Files of an export in memory: their bytes by path, and those that were not closed. */
export class MemoryFiles implements ExportFiles {
  readonly contents = new Map<string, Uint8Array>();
  readonly openPaths = new Set<string>();

  open(path: string) {
    if (this.contents.has(path)) throw new Error(`The file ${path} is started twice.`);
    this.contents.set(path, new Uint8Array());
    this.openPaths.add(path);
    return Promise.resolve({
      write: (data: string | Uint8Array) => {
        const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
        this.contents.set(path, concat(this.contents.get(path)!, bytes));
        return Promise.resolve();
      },
      close: async () => {
        this.openPaths.delete(path);
        const bytes = this.contents.get(path)!;
        return { bytes: bytes.length, sha256: await sha256(bytes) };
      },
    });
  }

  /** The file as text. */
  text(path: string): string {
    const bytes = this.contents.get(path);
    if (!bytes) throw new Error(`There is no file ${path}, only ${[...this.contents.keys()].join(', ')}.`);
    return new TextDecoder().decode(bytes);
  }

  /** The lines of a JSON Lines file. */
  lines(path: string): Record<string, unknown>[] {
    return this.text(path)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A context over files in memory and the blobs of sample traces, with every task in the training split. */
export function memoryContext(files: ExportFiles, parts: Partial<ExportContext> = {}): ExportContext {
  return {
    files,
    options: exportOptionsSchema.parse({}),
    filter: {},
    codeVersion: '0',
    readBlob: readSampleBlob,
    splitOf: () => 'train',
    signal: new AbortController().signal,
    ...parts,
  };
}

export async function* streamOf(traces: readonly unknown[]): AsyncGenerator<unknown> {
  yield* traces;
}
