import { expect, it } from 'vitest';
import type { Judgment } from '@pentimento/contracts';
import { sampleTrace } from '../testing/traces.ts';
import { alarmsOf } from './alarms.ts';
import { judgmentsOf } from './judgments.ts';
import { policySpanOf } from './policy-version.ts';
import { lineageOf, turnsOf } from './turns.ts';

it('lists the turns of a trace with what each gained', () => {
  const turns = turnsOf(sampleTrace(1));
  expect(turns.map(({ score, gain, verdict }) => [score, gain && Number(gain.toFixed(6)), verdict])).toEqual([
    [0.8, null, 'accepted'],
    [0.96, 0.16, 'accepted'],
    [0.7, -0.1, 'not_best'],
  ]);
  expect(lineageOf(turns, turns[2]!)).toEqual([turns[0], turns[2]]);
});

it('takes the policy version of the job, else of the weights, else the name that the server gives', () => {
  const trace = sampleTrace(1);
  expect(policySpanOf(trace)).toEqual({ start: 'step 7', end: 'step 7' });
  trace.job.policyVersion = null;
  trace.iterations[1]!.candidates[1]!.call!.served.weightVersion = 'step 8';
  expect(policySpanOf(trace)).toEqual({ start: 'sample', end: 'step 8' });
  expect(policySpanOf({ ...trace, iterations: [] })).toEqual({ start: null, end: null });
});

const [sample] = sampleTrace(1).iterations[0]!.candidates;

const target = { width: 640, height: 480 };

it.each([
  ['text that is wrong in a picture that looks right', { text: 0.2 }, ['visual_without_text']],
  ['wrong colors', { color: 0.1 }, ['visual_without_color']],
  ['wrong detail', { windows: 0.3 }, ['visual_without_detail']],
  ['a term that is not known', { text: null }, []],
  ['a picture that is wrong anyway', { visual: 0.4, text: 0.2, color: 0.1 }, []],
])('raises an alarm for %s', (_, terms, expected) => {
  const candidate = structuredClone(sample!);
  Object.assign(candidate.reward.terms, { visual: 0.95, color: 0.9, windows: 0.9, text: 0.9 }, terms);
  expect(alarmsOf({ candidate, code: '<svg/>', target, instructions: '' })).toEqual(expected);
});

it('raises an alarm for an embedded bitmap, a copied prompt and a blank render', () => {
  const alarms = (code: string, instructions = '') => alarmsOf({ candidate: sample!, code, target, instructions });
  const bitmap = `<image href="data:image/png;base64,${'A'.repeat(600)}"/>`;
  expect(alarms(bitmap)).toEqual(['embeds_bitmap']);
  expect(alarms('<image href="data:image/png;base64,AAAA"/>')).toEqual([]);
  const sentence = 'Draw the quarterly report with its legend to the right, and label every bar by its value.';
  expect(alarms(`<!-- ${sentence} -->`, `Please:\n${sentence}`)).toEqual(['copies_prompt']);
  const blank = structuredClone(sample!);
  blank.render = { status: 'failed', kind: 'empty', message: 'Nothing.', renderer: 'svg 1', ms: 1 };
  expect(alarmsOf({ candidate: blank, code: '<svg/>', target, instructions: '' })).toEqual(['blank']);
  const shown = structuredClone(sample!);
  shown.reward.empty = true;
  expect(alarmsOf({ candidate: shown, code: '<svg/>', target, instructions: '' })).toContain('blank');
});

it('tells what the judgments that count say about a candidate', () => {
  const trace = sampleTrace(1);
  const [better, worse] = trace.iterations[1]!.candidates.map(({ id }) => id);
  const author = (name: string) => ({ kind: 'human' as const, name });
  const judgment = (number: number, parts: Partial<Judgment>): Judgment => ({
    id: `judg_00000000-0000-7000-8000-00000000000${number}`,
    jobId: trace.job.id,
    candidate: better!,
    verdict: null,
    preferredOver: null,
    note: '',
    author: author('Ada'),
    createdAt: trace.job.createdAt,
    withdrawnAt: null,
    ...parts,
  });
  trace.judgments = [
    judgment(1, { verdict: 'reject' }),
    judgment(2, { verdict: 'accept', note: 'Sharp.' }),
    judgment(3, { preferredOver: worse! }),
    judgment(4, { candidate: worse!, verdict: 'accept' }),
    judgment(5, { candidate: worse!, verdict: 'reject', author: author('Bo') }),
  ];
  expect(judgmentsOf(trace, better!)).toEqual({ judgment: 'accept', preferred_over: [worse], notes: ['Sharp.'] });
  expect(judgmentsOf(trace, worse!)).toEqual({ judgment: 'mixed', preferred_over: [], notes: [] });
  expect(judgmentsOf(sampleTrace(2), better!)).toEqual({ judgment: null, preferred_over: [], notes: [] });
});
