import type { ExportContext, ExportFiles } from '../exporter.ts';

/** Files of an export in memory: their text by path, and those that were not closed. */
export class MemoryFiles implements ExportFiles {
  readonly texts = new Map<string, string>();
  readonly openPaths = new Set<string>();

  open(path: string) {
    if (this.texts.has(path)) throw new Error(`The file ${path} is started twice.`);
    this.texts.set(path, '');
    this.openPaths.add(path);
    return Promise.resolve({
      write: (data: string | Uint8Array) => {
        const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
        this.texts.set(path, this.texts.get(path)! + text);
        return Promise.resolve();
      },
      close: () => Promise.resolve(void this.openPaths.delete(path)),
    });
  }
}

/** A context over files in memory, in which every blob's bytes are its id. */
export function memoryContext(files: ExportFiles, parts: Partial<ExportContext> = {}): ExportContext {
  return {
    files,
    readBlob: (id) => Promise.resolve(new TextEncoder().encode(id)),
    signal: new AbortController().signal,
    ...parts,
  };
}
