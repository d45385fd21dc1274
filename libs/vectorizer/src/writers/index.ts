import type { Language } from '@pentimento/contracts';
import { html } from './html.ts';
import { latex } from './latex.ts';
import { python } from './python.ts';
import { svg } from './svg.ts';
import type { Writer } from './writer.ts';

export type { Writer } from './writer.ts';
export { wholeOf } from './writer.ts';

/** What code made of shapes can be written in, by the language's id. */
export const writers: ReadonlyMap<Language, Writer> = new Map(Object.entries({ svg, html, latex, python }));

/** Ids of the languages that the built-in model writes. Whatever asks for them asks here. */
export const builtinLanguages: readonly Language[] = [...writers.keys()];
