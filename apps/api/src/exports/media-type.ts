import { extname } from 'node:path';

const plainText = 'text/plain; charset=utf-8';
const types: Record<string, string> = {
  '.json': 'application/json',
  '.jsonl': plainText,
  '.md': plainText,
  '.png': 'image/png',
};

/** The type under which a file of an export is stored and served: nothing that a browser would run. */
export const mediaTypeOf = (path: string): string => types[extname(path)] ?? 'application/octet-stream';
