import type { LanguageFlaws } from '../language-flaws.ts';
import { html } from './html.ts';
import { latex } from './latex.ts';
import { mermaid } from './mermaid.ts';
import { python } from './python.ts';
import { smiles } from './smiles.ts';
import { svg } from './svg.ts';

/** The languages whose code can be flawed, by the ids of the renderers' languages. A new one adds its line. */
export const flawLanguages: readonly LanguageFlaws[] = [html, latex, mermaid, python, smiles, svg];
