import type { TracedLanguage } from '@pentimento/contracts';
import { html } from './html.ts';
import { latex } from './latex.ts';
import { python } from './python.ts';
import { svg } from './svg.ts';
import type { Writer } from './writer.ts';

export type { Writer } from './writer.ts';
export { wholeOf } from './writer.ts';

export const writers: Record<TracedLanguage, Writer> = { svg, html, latex, python };
