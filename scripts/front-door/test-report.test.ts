import { expect, it } from 'vitest';
import { add, readPlaywright, readVitest, summaryLine } from './test-report.mjs';

const vitest = {
  testResults: [
    {
      name: '/x/a.test.ts',
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'adds' },
        { status: 'failed', fullName: 'divides' },
        { status: 'pending', fullName: 'waits' },
        { status: 'todo', fullName: 'thinks' },
      ],
    },
    { name: '/x/broken.test.ts', status: 'failed', message: 'SyntaxError: no\nstack', assertionResults: [] },
  ],
};

const playwright = {
  stats: { expected: 3, flaky: 1, unexpected: 1, skipped: 2 },
  suites: [{ specs: [], suites: [{ specs: [{ ok: false, file: 'live.spec.ts', title: 'watches' }, { ok: true }] }] }],
  errors: [],
};

it('counts tests, and a file that does not load as a failure', () => {
  const { failures, ...counts } = readVitest(vitest);
  expect(counts).toEqual({ passed: 1, failed: 2, skipped: 2 });
  expect(failures).toEqual(['/x/a.test.ts: divides', '/x/broken.test.ts: SyntaxError: no']);
});

it('counts browser tests, and an error outside every test as a failure', () => {
  expect(readPlaywright(playwright)).toEqual({
    passed: 4,
    failed: 1,
    skipped: 2,
    failures: ['live.spec.ts: watches'],
  });
  expect(readPlaywright({ errors: [{ message: 'no browser\nstack' }] })).toMatchObject({
    failed: 1,
    failures: ['no browser'],
  });
});

it('sums up in one line', () => {
  expect(summaryLine(add(readVitest(vitest), readPlaywright(playwright)))).toBe('5 passed, 3 failed, 4 skipped');
});
