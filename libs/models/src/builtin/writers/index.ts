import type { Language } from '@pentimento/contracts';
import { html } from './html.ts';
import { latex } from './latex.ts';
import { python } from './python.ts';
import { svg } from './svg.ts';
import type { Writer } from './writer.ts';

export type { Writer } from './writer.ts';
export { wholeOf } from './writer.ts';

/** Null: a language that shapes cannot be written in. */
export const writers: Record<Language, Writer | null> = { svg, html, latex, python, smiles: null, mermaid: null };
