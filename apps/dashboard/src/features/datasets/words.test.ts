import { exportLinks, exportOptionsSchema, type Export, type ExportSummary } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import {
  counted,
  countsSentence,
  endedSince,
  filterFacts,
  optionFacts,
  progressShare,
  progressWords,
  rowsBySplit,
  splitsNote,
  stateSentence,
  totalDrops,
  totalRows,
} from './words.ts';

const id = 'export_01920000-0000-7000-8000-000000000001';
const at = '2026-11-30T10:00:00.000Z';
const options = exportOptionsSchema.parse({});
const manifest = {
  rows: { train: 12, validation: 0, test: 3 },
  drops: { no_call: 2, no_gain: 5 },
} as unknown as ExportSummary;
const dataset = (change: Partial<Export> = {}): Export => ({
  id,
  name: 'charts',
  format: 'trl-sft',
  filter: {},
  options,
  status: 'running',
  progress: { traces: 12, total: 40, rows: 320, bytes: 2048 },
  error: null,
  manifest: null,
  createdAt: at,
  startedAt: at,
  finishedAt: null,
  links: exportLinks(id),
  ...change,
});

describe('a filter in words', () => {
  const words = (filter: Export['filter']) =>
    filterFacts(filter, (language) => language.toUpperCase()).map(
      ({ label, values }) => `${label} ${values.join(', ')}`,
    );

  it('has a fact for each thing that is asked for', () => {
    const filter = {
      languages: ['svg', 'html'],
      outcomes: ['threshold_met'],
      minScore: 0.5,
      maxScore: 0.95,
      minGain: 0.02,
      captureLevel: 'text_only',
      verdict: 'reject',
      tags: ['chart'],
      createdAfter: '2026-11-01T00:00:00.000Z',
      createdBefore: '2026-12-01T00:00:00.000Z',
      jobs: ['job_1', 'job_2'],
    } as const;
    expect(words(structuredClone(filter) as unknown as Export['filter'])).toEqual([
      'Language SVG, HTML',
      'Outcome threshold met',
      'Score 0.500 to 0.950',
      'Gain at least 0.020',
      'Capture a call as text only',
      'Judgment a candidate was rejected',
      'Tag chart',
      'Created from 2026-11-01 to 2026-11-30',
      'Job one of 2',
    ]);
    expect(words({})).toEqual([]);
  });

  it('names one bound alone, and an exact time as it is', () => {
    expect(words({ minScore: 0.5 })).toEqual(['Score at least 0.500']);
    expect(words({ maxScore: 0.5 })).toEqual(['Score at most 0.500']);
    expect(words({ createdBefore: '2026-11-02T10:30:00Z' })).toEqual(['Created before 2026-11-02T10:30:00Z']);
  });
});

it('says the options that the format uses', () => {
  const shown = (format: string, change = {}) =>
    optionFacts(format, { ...options, ...change }).map(({ label, values }) => `${label}: ${values.join(', ')}`);
  expect(shown('trl-dpo')).toEqual([
    'Splits: all for training',
    'Margin: 0.05',
    'Scores: those that the loop decided by',
  ]);
  expect(shown('jsonl', { splits: { validation: 0.1, test: 0.05 }, rewardVersion: 'v2' })).toEqual([
    'Splits: train 85 %, validation 10 %, test 5 %',
    'Scores: v2',
  ]);
});

it('counts rows and drops', () => {
  expect([totalRows(manifest), totalDrops(manifest), splitsNote(manifest)]).toEqual([15, 7, 'train 12, test 3']);
  expect(rowsBySplit(manifest)).toEqual([
    { split: 'train', rows: 12 },
    { split: 'test', rows: 3 },
  ]);
  expect(splitsNote({ rows: { train: 12, validation: 0, test: 0 } })).toBe('');
  expect([counted(1, 'trajectory'), counted(2000, 'trajectory'), counted(0, 'row')]).toEqual([
    '1 trajectory',
    '2,000 trajectories',
    '0 rows',
  ]);
});

describe('progress', () => {
  it('is said in figures, and as a share where the total is known', () => {
    expect(progressWords(dataset())).toBe('12 of 40 trajectories read, 320 rows, 2 KB');
    expect(progressShare(dataset())).toBe(0.3);
  });

  it('is not known before the trajectories are counted', () => {
    const progress = { traces: 0, total: null, rows: 0, bytes: 0 };
    expect([progressWords(dataset({ progress })), progressShare(dataset({ progress }))]).toEqual([
      'counting the trajectories',
      null,
    ]);
    expect(progressWords(dataset({ status: 'queued', progress }))).toBe('waiting for a worker');
    expect(progressShare(dataset({ progress: { ...progress, total: 0 } }))).toBe(1);
  });
});

describe('what a live region says', () => {
  it('is what matches', () => {
    const counts = { trajectories: 1, candidates: 5, languages: {}, outcomes: {} };
    expect(countsSentence(counts)).toBe('1 trajectory and 5 candidates match.');
    expect(countsSentence({ ...counts, trajectories: 0 })).toBe('No trajectory matches.');
  });

  it('is the state of an export', () => {
    expect(stateSentence(dataset())).toBe('“charts”: 12 of 40 trajectories read, 320 rows, 2 KB.');
    expect(stateSentence(dataset({ status: 'succeeded', manifest }))).toBe('“charts”: succeeded with 15 rows.');
    expect(stateSentence(dataset({ status: 'failed' }))).toBe('“charts”: failed.');
  });

  it('is each ending once', () => {
    const [running, ended] = [dataset(), dataset({ status: 'succeeded', manifest })];
    expect(endedSince([running], [ended])).toEqual([ended]);
    expect(endedSince([ended], [ended])).toEqual([]);
    expect(endedSince([], [ended])).toEqual([]);
  });
});
