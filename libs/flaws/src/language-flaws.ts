import type { FlawKind, Language } from '@pentimento/contracts';

/** A span of code, and how it can be made wrong in one way. */
export interface FlawSite {
  /** Characters of the code that are replaced; an insertion has an empty span. */
  start: number;
  end: number;
  options: readonly FlawOption[];
}

export interface FlawOption {
  /** What stands there instead. */
  text: string;
  /** What is then wrong, as one sentence. */
  description: string;
}

/** How the code of one language can be flawed. */
export interface LanguageFlaws {
  language: Language;
  /** The kinds that apply, in the order of the closed list. */
  kinds: readonly FlawKind[];
  /** Whether its renderer recovers from broken syntax, so that a twin with broken syntax may render, visibly wrong. */
  recovers: boolean;
  /** Where the code can be flawed in these kinds, in any order. Pure: the same code gives the same sites. */
  sites(code: string): ReadonlyMap<FlawKind, readonly FlawSite[]>;
}

type Finder<Source> = (source: Source) => FlawSite[];

/** A language by one finder of sites for each kind that applies, over code that is read once. */
export function defineFlaws<Source>(definition: {
  language: Language;
  recovers?: boolean;
  read: (code: string) => Source;
  finders: Partial<Record<FlawKind, Finder<Source>>>;
}): LanguageFlaws {
  const { language, recovers = false, read, finders } = definition;
  const entries = Object.entries(finders) as [FlawKind, Finder<Source>][];
  return {
    language,
    kinds: entries.map(([kind]) => kind),
    recovers,
    sites(code) {
      const source = read(code);
      return new Map(entries.map(([kind, find]) => [kind, find(source)]));
    },
  };
}

/** A site whose options are other texts for the same span, each with the same sentence about it. */
export function replacements(
  start: number,
  end: number,
  texts: readonly string[],
  describe: (text: string) => string,
): FlawSite {
  return { start, end, options: texts.map((text) => ({ text, description: describe(text) })) };
}

/** By a name, what is written instead of it by mistake: names with another meaning, and names that do not exist. */
export type OtherNames = Readonly<Record<string, readonly string[]>>;

/** Empty where nothing is known of the name. */
export const namesInstead = (others: OtherNames, name: string): readonly string[] =>
  Object.hasOwn(others, name) ? others[name]! : [];

const maxQuoted = 60;

/** A text as a sentence quotes it, shortened. */
export function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return `"${line.length > maxQuoted ? `${line.slice(0, maxQuoted - 1)}…` : line}"`;
}

/** `"other" instead of "text"`: of long texts the part around their first difference. */
export function insteadOf(other: string, text: string): string {
  const [characters, others] = [[...text], [...other]];
  const difference = characters.findIndex((character, index) => character !== others[index]);
  const skipped = Math.max(0, difference - maxQuoted / 2);
  const part = (whole: string[]) => quoted((skipped > 0 ? '…' : '') + whole.slice(skipped).join(''));
  return `${part(others)} instead of ${part(characters)}`;
}
