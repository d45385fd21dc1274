import type { FlawKind } from '@pentimento/contracts';
import type { LanguageFlaws } from '../language-flaws.ts';

/** How a language makes code wrong in one kind: `text -> other text` for each option of each site. */
export function changesOf(language: LanguageFlaws, code: string, kind: FlawKind): string[] {
  return (language.sites(code).get(kind) ?? []).flatMap(({ start, end, options }) =>
    options.map(({ text }) => `${code.slice(start, end)} -> ${text}`),
  );
}
