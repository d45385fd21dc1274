import { fileURLToPath } from 'node:url';
import type { CodeReader } from '../reader/code-reader.ts';
import { readTex, type TexQuestion, type TexReading } from './document-reading.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const texReader: CodeReader<TexQuestion, TexReading> = {
  read: readTex,
  worker: own('document-worker.ts'),
  files: [
    'document-reading.ts',
    'document.ts',
    'commands.ts',
    'engine.ts',
    'font-twins.ts',
    'ink-head.ts',
    'packages.ts',
    'passed-options.ts',
    'preamble-prefix.ts',
    'published.ts',
    'snippet.ts',
  ].map(own),
};
