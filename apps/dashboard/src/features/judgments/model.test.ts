import { describe, expect, it } from 'vitest';
import type { Candidate, Judgment } from '@pentimento/contracts';
import {
  authorWords,
  candidateName,
  currentWith,
  isPreferred,
  markSentence,
  marksOf,
  othersOn,
  ownJudgment,
  rivalLabel,
  rivalOf,
  statementWords,
  replaceNote,
  togglePreference,
  toggleVerdict,
  type Decide,
} from './model.ts';

const at = '2026-11-30T10:00:00.000Z';
const model = { kind: 'model', name: 'judge-7b' } as const;

function candidate(id: string, iteration: number, index = 0, overall: number | null = 0.8): Candidate {
  const render = overall === null ? null : { status: 'ok' };
  return { id, iteration, index, render, reward: { terms: { overall } } } as unknown as Candidate;
}
const [a, b, c] = [candidate('a', 0), candidate('b', 1, 0, 0.912), candidate('c', 1, 1, null)];
const all = [a, b, c];

function judgment(parts: Partial<Judgment>): Judgment {
  const none = { verdict: null, preferredOver: null, note: '', withdrawnAt: null };
  const author = { kind: 'human', name: '' } as const;
  return { id: 'judg_1', jobId: 'job_1', candidate: 'a', author, createdAt: at, ...none, ...parts };
}

/** The current judgments after one decision upon the other, as the page shows them. */
const after = (stored: Judgment[], ...decisions: Decide[]) => {
  const changes = decisions.reduce<ReturnType<Decide>[]>(
    (unsaved, decide) => [...unsaved, decide(currentWith(stored, unsaved))],
    [],
  );
  return currentWith(stored, changes);
};
const accept = toggleVerdict('a', 'accept');
const reject = toggleVerdict('a', 'reject');

describe('a verdict', () => {
  it('is given, replaced and taken back', () => {
    expect(ownJudgment(after([], accept), 'a').verdict).toBe('accept');
    expect(ownJudgment(after([], accept, reject), 'a').verdict).toBe('reject');
    expect(after([], accept, reject, reject)).toEqual([]);
    expect(after([judgment({ verdict: 'accept' })], accept)).toEqual([]);
  });

  it('keeps the note, and is kept with it', () => {
    const noted = after([judgment({ verdict: 'accept' })], replaceNote('a', ' Thin lines. '));
    expect(ownJudgment(noted, 'a')).toMatchObject({ verdict: 'accept', note: 'Thin lines.' });
    expect(ownJudgment(after(noted, accept), 'a')).toMatchObject({ verdict: null, note: 'Thin lines.' });
    expect(after(noted, accept, replaceNote('a', ' \n'))).toEqual([]);
  });

  it('of others is not changed', () => {
    const others = judgment({ verdict: 'reject', author: model });
    const current = after([others], reject);
    expect(current).toMatchObject([{ author: model }, { verdict: 'reject', author: { kind: 'human' } }]);
    expect(othersOn(current, 'a')).toEqual([others]);
  });
});

describe('a preference', () => {
  it('is given, turned around and taken back', () => {
    const better = after([], togglePreference('a', 'b'));
    expect([isPreferred(better, 'a', 'b'), isPreferred(better, 'b', 'a')]).toEqual([true, false]);
    const worse = after([], togglePreference('a', 'b'), togglePreference('b', 'a'));
    expect([isPreferred(worse, 'a', 'b'), isPreferred(worse, 'b', 'a')]).toEqual([false, true]);
    expect(after([], togglePreference('a', 'b'), togglePreference('a', 'b'))).toEqual([]);
  });

  it('leaves the verdicts as they are', () => {
    const current = after([judgment({ verdict: 'accept' })], togglePreference('a', 'b'));
    expect(ownJudgment(current, 'a').verdict).toBe('accept');
  });

  it('is about the chosen candidate, else a likely one, else the newest other one', () => {
    expect(rivalOf('b', all, 'c', ['a'])?.id).toBe('c');
    expect(rivalOf('b', all, null, [null, 'b', 'a'])?.id).toBe('a');
    expect(rivalOf('b', all, 'gone', [])?.id).toBe('c');
    expect(rivalOf('a', [a], null, ['a'])).toBeNull();
  });

  it('is shown where the other candidate is chosen', () => {
    const current = [judgment({ candidate: 'b', preferredOver: 'a' })];
    expect(rivalLabel(a, all, current, 'b')).toBe('0: 0.800 (worse)');
    expect(rivalLabel(b, all, current, 'a')).toBe('1, candidate 0: 0.912 (better)');
    expect(rivalLabel(c, all, current, 'b')).toBe('1, candidate 1: no image');
  });
});

describe('words', () => {
  it('name a candidate by its iteration, and by its number where there are several', () => {
    expect([a, c].map((each) => candidateName(each, all))).toEqual(['iteration 0', 'iteration 1, candidate 1']);
  });

  it('say who judged and what', () => {
    expect(
      [model, { kind: 'model', name: '' }, { kind: 'human', name: 'Ada' }].map((each) => authorWords(each as never)),
    ).toEqual(['Model judge-7b', 'A model', 'Ada']);
    const preference = judgment({ candidate: 'c', preferredOver: 'a' });
    expect(statementWords(preference, 'c', all)).toBe('better than iteration 0');
    expect(statementWords(preference, 'a', all)).toBe('worse than iteration 1, candidate 1');
    expect(statementWords(preference, 'a', [a])).toBe('worse than another candidate');
    expect(statementWords(judgment({ verdict: 'reject', note: 'x' }), 'a', all)).toBe('reject');
    expect(statementWords(judgment({ note: 'x' }), 'a', all)).toBe('note');
  });
});

describe('marks of an iteration', () => {
  it('are what anybody said about any of its candidates', () => {
    const current = [
      judgment({ verdict: 'accept', author: model, note: 'Fine.' }),
      judgment({ candidate: 'c', verdict: 'reject' }),
      judgment({ candidate: 'b', preferredOver: 'a' }),
    ];
    expect(markSentence(marksOf(current, [a]))).toBe('judged accept, another is preferred, with a note');
    expect(markSentence(marksOf(current, [b, c]))).toBe('judged reject, preferred over another');
    expect(markSentence(marksOf([], [b, c]))).toBe('');
  });
});
