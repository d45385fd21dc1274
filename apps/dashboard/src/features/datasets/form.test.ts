import { createExportSchema, exportFilterSchema, exportOptionsSchema } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import {
  areShown,
  byField,
  defaultForm,
  formErrors,
  formOf,
  hasFilters,
  hasOtherOptions,
  hasRareFilters,
  markedFields,
  newVersionUrl,
  parseForm,
  requestOf,
  withoutFilters,
  writeForm,
  type DatasetForm,
} from './form.ts';

const job = 'job_01920000-0000-7000-8000-000000000001';

const filled: DatasetForm = {
  format: 'trl-dpo',
  name: 'charts & more',
  languages: ['svg', 'html'],
  models: ['openai-compatible/Qwen/Qwen3-VL-8B'],
  outcomes: ['threshold_met', 'best_effort'],
  minScore: '0.5',
  maxScore: '0.95',
  minGain: '-0.1',
  captureLevel: 'token_exact',
  verdict: 'accept',
  policyVersions: ['step 12'],
  tags: ['chart', 'set:v1/train'],
  createdAfter: '2026-11-01',
  createdBefore: '2026-11-30',
  jobs: [job],
  validation: '0.1',
  test: '0.05',
  improvedOnly: true,
  margin: '0.1',
  threshold: '0.8',
  rewardVersion: '3/small@abc/1',
  license: 'CC BY 4.0',
};

const roundTrip = (form: DatasetForm) => parseForm(new URLSearchParams(writeForm(form).toString()));

describe('the form in the address', () => {
  it('comes back as it went, whatever is filled in', () => {
    expect(roundTrip(filled)).toEqual(filled);
    expect(roundTrip(defaultForm)).toEqual(defaultForm);
  });

  it('is empty where nothing differs from the default', () => {
    expect(writeForm(defaultForm).toString()).toBe('');
    expect(writeForm({ ...defaultForm, format: 'jsonl', improvedOnly: true }).toString()).toBe(
      'format=jsonl&improved-only=1',
    );
  });

  it('takes each value of a list once, and only outcomes that there are', () => {
    const form = parseForm(
      new URLSearchParams('language=svg&language=svg&language=&outcome=great&outcome=best_effort'),
    );
    expect([form.languages, form.outcomes]).toEqual([['svg'], ['best_effort']]);
  });

  it('keeps a number that is not typed to its end', () => {
    expect(roundTrip({ ...defaultForm, minScore: '0.' }).minScore).toBe('0.');
  });
});

describe('requestOf', () => {
  it('leaves out what has its default', () => {
    expect(requestOf({ ...defaultForm, format: 'jsonl' })).toEqual({ format: 'jsonl', filter: {}, options: {} });
  });

  it('asks for all that is filled in, and the API takes it', () => {
    const request = requestOf(filled);
    expect(createExportSchema.parse(request)).toEqual({
      name: 'charts & more',
      format: 'trl-dpo',
      filter: {
        languages: ['svg', 'html'],
        models: ['openai-compatible/Qwen/Qwen3-VL-8B'],
        outcomes: ['threshold_met', 'best_effort'],
        minScore: 0.5,
        maxScore: 0.95,
        minGain: -0.1,
        captureLevel: 'token_exact',
        verdict: 'accept',
        policyVersions: ['step 12'],
        tags: ['chart', 'set:v1/train'],
        createdAfter: '2026-11-01T00:00:00.000Z',
        createdBefore: '2026-12-01T00:00:00.000Z',
        jobs: [job],
      },
      options: {
        splits: { validation: 0.1, test: 0.05 },
        improvedOnly: true,
        margin: 0.1,
        threshold: 0.8,
        rewardVersion: '3/small@abc/1',
        license: 'CC BY 4.0',
      },
    });
  });

  it('has a field for each filter and option of the API', () => {
    const { filter, options } = requestOf(filled);
    expect(Object.keys(filter!).sort()).toEqual(Object.keys(exportFilterSchema.shape).sort());
    expect(Object.keys(options!).sort()).toEqual(Object.keys(exportOptionsSchema.shape).sort());
  });
});

describe('formOf', () => {
  it('asks for the same again, apart from the name', () => {
    const { format, filter, options } = createExportSchema.parse(requestOf(filled));
    expect(formOf({ format, filter, options })).toEqual({ ...filled, name: '' });
  });

  it('is in the address of the form of a new version, unless that is too long', () => {
    const options = exportOptionsSchema.parse({});
    expect(newVersionUrl({ format: 'jsonl', filter: { tags: ['a b'] }, options })).toBe(
      '/datasets/new?format=jsonl&tag=a+b',
    );
    expect(newVersionUrl({ format: 'jsonl', filter: { jobs: Array<string>(1000).fill(job) }, options })).toBeNull();
  });

  it('keeps exact times', () => {
    const filter = { createdAfter: '2026-11-01T10:00:00.000Z', createdBefore: '2026-11-02T10:30:00Z' };
    const form = formOf({ format: 'jsonl', filter, options: exportOptionsSchema.parse({}) });
    expect(requestOf(form).filter).toEqual(filter);
  });
});

describe('formErrors', () => {
  const errorsOf = (change: Partial<DatasetForm>) => formErrors({ ...defaultForm, format: 'jsonl', ...change });

  it('is empty for a good form', () => {
    expect(errorsOf({})).toEqual({});
    expect(formErrors(filled)).toEqual({});
  });

  it('names the fields at error by pointer', () => {
    expect(errorsOf({ minScore: '2', minGain: 'x', margin: '0' })).toEqual({
      '/filter/minScore': 'This must be at most 1.',
      '/filter/minGain': 'This must be a number.',
      '/options/margin': 'This must be more than 0.',
    });
  });

  it('puts the error of an element at its list', () => {
    expect(Object.keys(errorsOf({ jobs: ['x', job] }))).toEqual(['/filter/jobs']);
  });

  it('refuses splits that leave nothing for training', () => {
    expect(errorsOf({ validation: '0.5', test: '0.5' })).toEqual({ '/options/splits': 'Leave a share for training.' });
  });
});

it('tells errors that fields show from others', () => {
  const errors = byField({ '/filter/tags/0': 'No such tag.' });
  expect([markedFields(errors), areShown(errors)]).toEqual([['tags: No such tag.'], true]);
  expect(areShown({ '/filter/tags': 'a', '/rows': 'b' })).toBe(false);
  expect(areShown({})).toBe(false);
});

it('clears the filters, and nothing else', () => {
  const cleared = withoutFilters(filled);
  expect([hasFilters(filled), hasFilters(cleared), hasRareFilters(cleared)]).toEqual([true, false, false]);
  expect(cleared).toMatchObject({ format: 'trl-dpo', name: 'charts & more', margin: '0.1', license: 'CC BY 4.0' });
});

it('opens what is closed away where something in it is set', () => {
  expect([hasRareFilters(defaultForm), hasRareFilters({ ...defaultForm, tags: ['a'] })]).toEqual([false, true]);
  expect(hasOtherOptions(defaultForm, ['margin'])).toBe(false);
  expect(hasOtherOptions({ ...defaultForm, margin: '0.2' }, ['margin'])).toBe(true);
  expect(hasOtherOptions({ ...defaultForm, margin: '0.2' }, ['threshold'])).toBe(false);
});
