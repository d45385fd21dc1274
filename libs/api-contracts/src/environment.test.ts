import { describe, expect, it } from 'vitest';
import { resetEnvironmentSchema, sessionParamSchema, stepEnvironmentSchema } from './environment.ts';

const task = { target: { blob: 'a'.repeat(64) }, language: 'svg' };
const tokens = {
  promptTokenIds: [1],
  completionTokenIds: [2],
  logprobs: [-0.5],
  logprobsMode: null,
  imagePlaceholders: null,
};

describe('a reset', () => {
  it('needs a target and a language, and has defaults for the rest', () => {
    expect(resetEnvironmentSchema.parse(task)).toMatchObject({
      ...{ model: 'external/policy', policyVersion: null, group: null, images: 'data', instructions: '', budget: {} },
      policy: { candidates: 1, maxIterations: 8, strategy: 'greedy' },
    });
  });

  it.each([
    ['two targets', { target: { blob: 'a'.repeat(64), data: 'AAAA' } }, /blob or as data/],
    ['no target', { target: {} }, /blob or as data/],
    ['groups of several candidates', { policy: { candidates: 4 } }, /a session for each member/],
    ["the built-in model's name", { model: 'builtin/vectorizer' }, /not from the built-in model/],
    ['a model whose name has control characters', { model: 'policy/\0' }, /control characters/],
    ['a group of control characters', { group: '\0' }, /control characters/],
    ['half a character as the version of the policy', { policyVersion: '\ud800' }, /control characters/],
    ['an unknown field', { more: 1 }, /more/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => resetEnvironmentSchema.parse({ ...task, ...change })).toThrow(message);
  });
});

describe('a step', () => {
  it('needs a turn and a reply, whatever the reply is', () => {
    for (const reply of ['', '\0\ud800', 'x'.repeat(2_000_000)])
      expect(stepEnvironmentSchema.parse({ turn: 0, reply })).toMatchObject({ reply, finishReason: 'stop' });
  });

  it.each([-1, 0.5, 1e9])('is refused with the turn %d', (turn) => {
    expect(stepEnvironmentSchema.safeParse({ turn, reply: '' }).success).toBe(false);
  });

  it.each([
    ['a log-probability over 0', { logprobs: [0.1] }],
    ['the sign of a log-probability that is not known', { logprobs: [-9999] }],
    ['another number of log-probabilities than of tokens', { logprobs: [-1, -1] }],
  ])('is refused with %s', (_, change) => {
    const step = { turn: 0, reply: '', tokens };
    expect(stepEnvironmentSchema.safeParse(step).success).toBe(true);
    expect(stepEnvironmentSchema.safeParse({ ...step, tokens: { ...tokens, ...change } }).success).toBe(false);
  });
});

it.each(['a', 'run-7.step_120', '...', 'x'.repeat(100)])('takes "%s" as the name of a session', (id) => {
  expect(sessionParamSchema.safeParse({ id }).success).toBe(true);
});

it.each(['', '.', '..', 'a b', 'a/b', 'é', 'x'.repeat(101)])('refuses "%s" as the name of a session', (id) => {
  expect(sessionParamSchema.safeParse({ id }).success).toBe(false);
});
