import { describe, expect, it } from 'vitest';
import type { Job } from '@pentimento/contracts';
import {
  gainOf,
  hasFilters,
  mergeJobs,
  neighbor,
  noFilters,
  parseFilters,
  tagChoices,
  unwatched,
  writeFilters,
} from './model.ts';

const job = (id: string, createdAt: number, status = 'succeeded') =>
  ({ id, status, createdAt: `2026-11-23T12:00:0${createdAt}Z` }) as Job;

describe('mergeJobs', () => {
  const listed = [job('b', 2, 'running'), job('a', 1)];

  it('updates rows in place and leaves new jobs out, counted', () => {
    const { rows, fresh } = mergeJobs(listed, [job('c', 3), job('b', 2, 'failed')], []);
    expect(rows.map((row) => [row.id, row.status])).toEqual([
      ['b', 'failed'],
      ['a', 'succeeded'],
    ]);
    expect(fresh).toBe(1);
  });

  it('does not count older jobs that were never listed as new', () => {
    expect(mergeJobs([job('b', 2)], [job('b', 2), job('a', 1)], []).fresh).toBe(0);
  });

  it('counts all of them where the list was empty', () => {
    expect(mergeJobs([], [job('a', 1), job('b', 2)], [])).toEqual({ rows: [], fresh: 2 });
  });

  it('takes a row that is watched by itself', () => {
    expect(mergeJobs(listed, [], [job('b', 2, 'canceled')]).rows[0]!.status).toBe('canceled');
  });
});

it('watches only rows that still change and that the newest page lacks', () => {
  const rows = [job('a', 1, 'running'), job('b', 2, 'queued'), job('c', 3), job('d', 4, 'running')];
  expect(unwatched(rows, [rows[0]!], 10)).toEqual(['b', 'd']);
  expect(unwatched(rows, [], 1)).toEqual(['a']);
});

describe('filters in the address', () => {
  it('come back as they went', () => {
    const filters = {
      status: 'failed',
      kind: 'environment',
      language: 'svg',
      model: 'openai/gpt',
      tag: 'set:v1/train',
      search: 'a b&c',
    } as const;
    expect(parseFilters(new URLSearchParams(writeFilters(filters).toString()))).toEqual(filters);
  });

  it('are ignored where they are not well-formed', () => {
    const filters = parseFilters(new URLSearchParams('status=lost&language=Klingon!&tag=two+words'));
    expect([filters, hasFilters(filters)]).toEqual([noFilters, false]);
  });

  it('may name a language that only the server knows', () => {
    expect(parseFilters(new URLSearchParams('language=klingon')).language).toBe('klingon');
  });
});

it('offers the tags of the listed jobs and the chosen one', () => {
  const rows = [{ tags: ['chart', 'big'] }, { tags: [] }, { tags: ['chart'] }];
  expect(tagChoices(rows, null)).toEqual(['big', 'chart']);
  expect(tagChoices([], 'gone')).toEqual(['gone']);
});

it('measures the gain from the first score that there is', () => {
  const best = { overall: 0.9 } as Job['best'];
  expect(gainOf({ best, scores: [null, 0.6, 0.9] })).toBeCloseTo(0.3);
  expect(gainOf({ best: null, scores: [null] })).toBeNull();
  expect(gainOf({ best, scores: [null, 0.9] })).toBeNull();
});

it('steps through the rows and stays at the ends', () => {
  const ids = ['a', 'b', 'c'];
  const steps = [
    neighbor(ids, null, 1),
    neighbor(ids, 'a', 1),
    neighbor(ids, 'c', 1),
    neighbor(ids, 'a', -1),
    neighbor(ids, 'gone', 1),
  ];
  expect(steps).toEqual(['a', 'b', 'c', 'a', 'a']);
  expect(neighbor([], null, 1)).toBeNull();
});
