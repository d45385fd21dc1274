import type { FlawKind, FlawSkip, Language } from '@pentimento/contracts';
import type { FlawResult } from '@pentimento/flaws';
import { table } from '../terminal/terminal.ts';

interface Counts {
  sources: number;
  pairs: number;
  skipped: number;
}

/** What became of all sources so far. */
export class FlawTotals {
  readonly #languages = new Map<Language, Counts>();
  readonly #kinds = new Map<FlawKind, number>();
  readonly #reasons = new Map<FlawSkip['reason'], number>();
  firstSkip: FlawSkip | undefined;

  /** Adds the results of one source. */
  add(language: Language, results: readonly FlawResult[]): void {
    const counts = this.#languages.get(language) ?? { sources: 0, pairs: 0, skipped: 0 };
    this.#languages.set(language, counts);
    counts.sources++;
    for (const result of results) {
      if ('pair' in result) {
        counts.pairs++;
        increase(this.#kinds, result.pair.kind);
      } else {
        counts.skipped++;
        increase(this.#reasons, result.skip.reason);
        this.firstSkip ??= result.skip;
      }
    }
  }

  get pairs(): number {
    return [...this.#languages.values()].reduce((sum, { pairs }) => sum + pairs, 0);
  }

  summary(folder: string) {
    const languages = Object.fromEntries(this.#languages);
    const skipped = [...this.#reasons.values()].reduce((sum, count) => sum + count, 0);
    return {
      folder,
      pairs: this.pairs,
      skipped,
      languages,
      kinds: Object.fromEntries(this.#kinds),
      skipReasons: Object.fromEntries(this.#reasons),
    };
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** One line of progress: what a source gave. */
export function describeSource(name: string, results: readonly FlawResult[], wanted: number, position: string): string {
  const skips = results.flatMap((result) => ('skip' in result ? [result.skip] : []));
  const ofSource = skips.find(({ flaw }) => flaw === null);
  if (ofSource) return `${position}  ${name}: skipped. ${ofSource.detail}`;
  const pairs = results.length - skips.length;
  const skipped = skips.length > 0 ? `, ${skips.length} skipped` : '';
  return `${position}  ${name}: ${pairs} pairs${skipped}${pairs < wanted ? ' (there are no more flaws)' : ''}`;
}

/** The totals by language, by kind and by reason, in lines. */
export function describeTotals(totals: FlawTotals): string[] {
  const { pairs, skipped, languages, kinds, skipReasons } = totals.summary('');
  const rows = Object.entries(languages).map(([language, counts]) => [language, ...Object.values(counts).map(String)]);
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`)
      .join(', ');
  return [
    table([['language', 'sources', 'pairs', 'skipped'], ...rows]),
    `${pairs} pairs: ${listed(kinds)}`,
    ...(skipped > 0 ? [`${skipped} skipped: ${listed(skipReasons)}`] : []),
  ];
}
