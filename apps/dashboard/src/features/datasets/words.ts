import {
  isFinal,
  type Export,
  type ExportCounts,
  type ExportFilter,
  type ExportOptions,
  type ExportSummary,
} from '@pentimento/contracts';
import { formatBytes, formatCount, formatScore } from '../../ui/format.ts';
import { outcomeWord, statusWord } from '../../ui/StatusMark.tsx';
import { dayFrom, dayUntil, isDay } from './form.ts';
import { splitOptions, type FormatOption } from './formats.ts';

export const captureWords = {
  token_exact: 'every call with its tokens',
  text_only: 'a call as text only',
} as const;

export const verdictWords = { accept: 'a candidate was accepted', reject: 'a candidate was rejected' } as const;

/** A fact in words: what it is about, and its values. */
export interface Fact {
  label: string;
  values: readonly string[];
}

/** A filter in words; none where everything is taken. `languageTitle`: of a language's id. */
export function filterFacts(filter: ExportFilter, languageTitle: (id: string) => string): Fact[] {
  const facts: [label: string, values: readonly string[] | undefined][] = [
    ['Language', filter.languages?.map(languageTitle)],
    ['Model', filter.models],
    ['Outcome', filter.outcomes?.map(outcomeWord)],
    ['Score', rangeWords(filter)],
    ['Gain', filter.minGain === undefined ? undefined : [`at least ${formatScore(filter.minGain)}`]],
    ['Capture', filter.captureLevel && [captureWords[filter.captureLevel]]],
    ['Policy version', filter.policyVersions],
    ['Judgment', filter.verdict && [verdictWords[filter.verdict]]],
    ['Tag', filter.tags],
    ['Created', datesWords(filter)],
    ['Job', filter.jobs && [filter.jobs.length === 1 ? filter.jobs[0]! : `one of ${formatCount(filter.jobs.length)}`]],
  ];
  return facts.flatMap(([label, values]) => (values ? [{ label, values }] : []));
}

function rangeWords({ minScore, maxScore }: ExportFilter): string[] | undefined {
  if (minScore === undefined && maxScore === undefined) return undefined;
  if (maxScore === undefined) return [`at least ${formatScore(minScore!)}`];
  return [
    minScore === undefined
      ? `at most ${formatScore(maxScore)}`
      : `${formatScore(minScore)} to ${formatScore(maxScore)}`,
  ];
}

function datesWords({ createdAfter, createdBefore }: ExportFilter): string[] | undefined {
  const after = createdAfter && `from ${dayFrom(createdAfter)}`;
  const before = createdBefore && beforeWords(dayUntil(createdBefore));
  const words = [after, before].filter((each) => each !== undefined);
  return words.length > 0 ? [words.join(' ')] : undefined;
}

const beforeWords = (until: string): string => (isDay(until) ? `to ${until}` : `before ${until}`);

/** The options in words that the format uses; the license is told apart. */
export function optionFacts(format: string, options: ExportOptions): Fact[] {
  const words: Record<FormatOption, Fact> = {
    improvedOnly: { label: 'Improved only', values: [options.improvedOnly ? 'yes' : 'no'] },
    margin: { label: 'Margin', values: [String(options.margin)] },
    threshold: { label: 'Threshold', values: [String(options.threshold)] },
  };
  return [
    { label: 'Splits', values: [splitWords(options.splits)] },
    ...splitOptions(format).used.map((option) => words[option]),
    { label: 'Scores', values: [options.rewardVersion ?? 'those that the loop decided by'] },
  ];
}

function splitWords({ validation, test }: ExportOptions['splits']): string {
  if (validation + test === 0) return 'all for training';
  const parts = [
    ['train', 1 - validation - test],
    ['validation', validation],
    ['test', test],
  ] as const;
  return parts
    .filter(([, share]) => share > 0)
    .map(([name, share]) => `${name} ${Math.round(share * 1000) / 10} %`)
    .join(', ');
}

const splitNames = ['train', 'validation', 'test'] as const;

export const totalRows = ({ rows }: Pick<ExportSummary, 'rows'>): number =>
  splitNames.reduce((sum, split) => sum + rows[split], 0);

/** The splits that have rows. */
export function rowsBySplit({ rows }: Pick<ExportSummary, 'rows'>): { split: string; rows: number }[] {
  return splitNames.filter((split) => rows[split] > 0).map((split) => ({ split, rows: rows[split] }));
}

/** E.g. "train 12, test 3"; empty where all rows are for training. */
export function splitsNote(manifest: Pick<ExportSummary, 'rows'>): string {
  const splits = rowsBySplit(manifest);
  if (splits.every(({ split }) => split === 'train')) return '';
  return splits.map(({ split, rows }) => `${split} ${formatCount(rows)}`).join(', ');
}

export const totalDrops = ({ drops }: Pick<ExportSummary, 'drops'>): number =>
  Object.values(drops).reduce((sum, count) => sum + count, 0);

/** How far an export is, 0 to 1; null where that is not known. */
export function progressShare({ progress: { traces, total } }: Pick<Export, 'progress'>): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, traces / total);
}

/** E.g. "12 of 40 trajectories read, 320 rows, 14 KB". */
export function progressWords({ status, progress }: Pick<Export, 'status' | 'progress'>): string {
  if (status === 'queued') return 'waiting for a worker';
  const { traces, total, rows, bytes } = progress;
  if (total === null) return 'counting the trajectories';
  return `${formatCount(traces)} of ${counted(total, 'trajectory')} read, ${counted(rows, 'row')}, ${formatBytes(bytes)}`;
}

/** A count with what is counted, in the singular or plural. */
export const counted = (count: number, word: string): string =>
  `${formatCount(count)} ${count === 1 ? word : plural(word)}`;

export const plural = (word: string): string => (word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`);

/** What a filter selects, for a live region. */
export function countsSentence({ trajectories, candidates }: ExportCounts): string {
  if (trajectories === 0) return 'No trajectory matches.';
  return `${counted(trajectories, 'trajectory')} and ${counted(candidates, 'candidate')} match.`;
}

/** The state of an export, for a live region. */
export function stateSentence(dataset: Export): string {
  const { name, status, manifest } = dataset;
  if (status === 'running' || status === 'queued') return `“${name}”: ${progressWords(dataset)}.`;
  const rows = manifest ? ` with ${counted(totalRows(manifest), 'row')}` : '';
  return `“${name}”: ${statusWord(status).toLowerCase()}${rows}.`;
}

/** The exports that have ended between two looks at the list. */
export function endedSince(before: readonly Export[], now: readonly Export[]): Export[] {
  const live = new Set(before.filter(({ status }) => !isFinal(status)).map(({ id }) => id));
  return now.filter(({ id, status }) => live.has(id) && isFinal(status));
}
