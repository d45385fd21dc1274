import { describe, expect, it } from 'vitest';
import type { Candidate } from './candidate.ts';
import { defaultPolicy, policySchema, requestedPolicy } from './policy.ts';
import { reachesThreshold, requiredScores } from './threshold.ts';

const candidate = (terms: object, status = 'ok'): Candidate => ({ render: { status }, reward: { terms } }) as Candidate;

describe('reachesThreshold', () => {
  const policy = policySchema.parse({ threshold: 0.97, minimums: { worstTile: 0.9 } });

  it.each([
    ['both are reached', { overall: 0.97, worstTile: 0.9 }, true],
    ['the threshold is missed', { overall: 0.969, worstTile: 0.95 }, false],
    ['a minimum is missed', { overall: 0.99, worstTile: 0.899 }, false],
    ['a term is unknown', { overall: 0.99, worstTile: null }, false],
    ['a term is missing', { overall: 0.99 }, false],
  ])('tells whether all scores are reached where %s', (_, terms, reached) => {
    expect(reachesThreshold(candidate(terms), policy)).toBe(reached);
  });

  it('is not reached by what does not render, whatever the threshold', () => {
    const free = policySchema.parse({ threshold: 0 });
    expect(reachesThreshold(candidate({ overall: 0.1 }, 'failed'), free)).toBe(false);
    expect(reachesThreshold({ ...candidate({ overall: 0.1 }), render: null }, free)).toBe(false);
  });

  it('asks of one term the higher of two minimums', () => {
    const twice = policySchema.parse({ threshold: 0.9, minimums: { overall: 0.95 } });
    expect(reachesThreshold(candidate({ overall: 0.93 }), twice)).toBe(false);
  });
});

it('names the threshold first', () => {
  const policy = policySchema.parse({ threshold: 0.9, profile: 'visual', minimums: { size: 1 } });
  expect(requiredScores(policy)).toEqual([
    { term: 'visual', minimum: 0.9 },
    { term: 'size', minimum: 1 },
  ]);
});

it('bounds the number of minimums', () => {
  const minimums = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`term${index}`, 0.5]));
  expect(policySchema.safeParse({ minimums }).success).toBe(false);
});

describe('the default minimums', () => {
  const requested = requestedPolicy(policySchema);

  it('hold where a request says nothing of when its job is done', () => {
    expect(requested.parse({ candidates: 2 })).toEqual({ ...defaultPolicy, candidates: 2 });
    expect(defaultPolicy).toMatchObject({ threshold: 0.995, profile: 'overall', minimums: { strict: 0.895 } });
  });

  it.each([{ threshold: 0.9 }, { profile: 'color' }, { minimums: {} }])(
    'do not join what a request says: %j',
    (policy) => {
      expect(requested.parse(policy)).toEqual(policySchema.parse(policy));
      expect(requested.parse(policy).minimums).toEqual({});
    },
  );

  it('are not read into a policy that was stored without minimums', () => {
    expect(policySchema.parse({ threshold: 0.995 }).minimums).toEqual({});
  });

  it('leave what is no policy to the schema', () => {
    for (const policy of [null, 'x', 5, []]) expect(requested.safeParse(policy).success).toBe(false);
  });
});
