import { createHash } from 'node:crypto';
import type { Flaw, FlawKind } from '@pentimento/contracts';
import { editOf } from './edit.ts';
import type { FlawOption, FlawSite, LanguageFlaws } from './language-flaws.ts';

export interface FlawCandidate {
  flaw: Flaw;
  flawedCode: string;
}

/**
 * All flawed twins of the code in an order that the seed decides: the kinds take turns, and every place is flawed once before any
 * is flawed in another way. No two have the same code.
 */
export function* flawCandidates(
  language: LanguageFlaws,
  code: string,
  { seed, kinds = language.kinds }: { seed: number; kinds?: readonly FlawKind[] },
): Generator<FlawCandidate> {
  const key = [language.language, createHash('sha256').update(code).digest('hex'), seed];
  const sites = language.sites(code);
  const chosen = language.kinds.filter((kind) => kinds.includes(kind));
  const queues = shuffled(chosen, key).map((kind) => inTurn(kind, sites.get(kind) ?? [], [...key, kind]));
  const made = new Set([code]);
  for (const { kind, site, option } of interleaved(queues)) {
    const edit = editOf(code, site.start, site.end, option.text);
    const flawedCode = code.slice(0, site.start) + option.text + code.slice(site.end);
    if (!edit || made.has(flawedCode)) continue;
    made.add(flawedCode);
    yield { flaw: { kind, description: option.description, edit }, flawedCode };
  }
}

interface Choice {
  kind: FlawKind;
  site: FlawSite;
  option: FlawOption;
}

/** The first option of every site, then the second of every site that has one, and so on. */
function* inTurn(kind: FlawKind, sites: readonly FlawSite[], key: readonly unknown[]): Generator<Choice> {
  const mixed = shuffled(sites, key).map((site, index) => ({ site, options: shuffled(site.options, [...key, index]) }));
  const rounds = Math.max(0, ...mixed.map(({ options }) => options.length));
  for (let round = 0; round < rounds; round++) {
    for (const { site, options } of mixed) {
      const option = options[round];
      if (option) yield { kind, site, option };
    }
  }
}

/** One value of each generator in turn until all are done. */
function* interleaved<T>(generators: readonly Generator<T>[]): Generator<T> {
  let open = [...generators];
  while (open.length > 0) {
    const results = open.map((generator) => ({ generator, result: generator.next() }));
    open = results.filter(({ result }) => !result.done).map(({ generator }) => generator);
    for (const { result } of results) if (!result.done) yield result.value;
  }
}

/** The items in an order that depends on the key only. */
function shuffled<T>(items: readonly T[], key: readonly unknown[]): T[] {
  return items
    .map((item, index) => ({ item, rank: rankOf([...key, index]) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

const rankOf = (key: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(key)).digest('hex');
