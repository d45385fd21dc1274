import { policySchema, type Intervention, type Job } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import {
  changesOf,
  emptyBoxForm,
  formOfBox,
  openInterventions,
  readBox,
  settingsErrors,
  settingsOf,
  steeredRegions,
} from './model.ts';

const target = { width: 240, height: 160 };
const box = { x: 10, y: 20, width: 30, height: 40 };

describe('a box', () => {
  it('is read as it is typed', () => {
    expect(readBox(formOfBox(box), target)).toEqual(box);
    expect(readBox(emptyBoxForm, target)).toMatch(/Mark a region/);
    expect(readBox({ ...formOfBox(box), x: '1.5' }, target)).toMatch(/whole pixels/);
    expect(readBox({ ...formOfBox(box), width: '0' }, target)).toMatch(/within the target, 240 × 160 pixels/);
    expect(readBox({ ...formOfBox(box), x: '211' }, target)).toMatch(/within the target/);
  });
});

describe('settings', () => {
  const job = { model: 'builtin/vectorizer', policy: policySchema.parse({}), budget: { maxTokens: 500 } } as Job;

  it('change only what differs from the job', () => {
    expect(changesOf(settingsOf(job), job)).toEqual({});
    const form = { ...settingsOf(job), threshold: '0.99', maxTokens: '900', maxCost: '2', model: ' openai/x ' };
    expect(changesOf(form, job)).toEqual({
      ...{ policy: { threshold: 0.99 }, budget: { maxTokens: 900, maxCost: 2 }, model: 'openai/x' },
    });
  });

  it('lift the limit whose field was emptied', () => {
    expect(changesOf({ ...settingsOf(job), maxTokens: '' }, job)).toEqual({ budget: { maxTokens: null } });
  });

  it('name each field that is wrong', () => {
    const changes = changesOf({ ...settingsOf(job), threshold: '2', maxSeconds: 'x', model: 'nobody' }, job);
    expect(Object.keys(settingsErrors(changes)).sort()).toEqual(['/budget/maxSeconds', '/model', '/policy/threshold']);
  });
});

it('lists what holds or waits', () => {
  const each = (parts: object) => ({ withdrawnAt: null, fromIteration: 1, ...parts }) as Intervention;
  const open = [each({ kind: 'fix' }), each({ kind: 'branch' }), each({ kind: 'edit', fromIteration: null })];
  const past = [each({ kind: 'lock', withdrawnAt: 'then' }), each({ kind: 'edit' }), each({ kind: 'continue' })];
  expect(openInterventions([...past, ...open])).toEqual(open);
});

it('names the regions that are to be fixed or kept', () => {
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const each = (id: string, parts: object) =>
    ({ id, box, withdrawnAt: null, fromIteration: 1, ...parts }) as Intervention;
  const all = [
    each('a', { kind: 'fix', words: 'The label is cut off.' }),
    each('b', { kind: 'lock' }),
    each('c', { kind: 'lock', withdrawnAt: 'then' }),
    each('d', { kind: 'branch' }),
  ];
  expect(steeredRegions(all)).toEqual([
    { id: 'a', name: 'Fix: The label is cut off.', box },
    { id: 'b', name: 'Locked', box },
  ]);
});
