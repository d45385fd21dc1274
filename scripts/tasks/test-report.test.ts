import { expect, it } from 'vitest';
import { add, readPlaywright, readVitest, slowestLines, summaryLine } from './test-report.mjs';

const vitest = {
  testResults: [
    {
      name: '/x/a.test.ts',
      status: 'failed',
      startTime: 1000,
      endTime: 3500,
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
  suites: [
    {
      file: 'live.spec.ts',
      specs: [],
      suites: [
        {
          specs: [
            {
              ok: false,
              file: 'live.spec.ts',
              title: 'watches',
              tests: [{ results: [{ duration: 9000 }, { duration: 3000 }] }],
            },
            { ok: true },
          ],
        },
      ],
    },
  ],
  errors: [],
};

it('counts tests, and a file that does not load as a failure', () => {
  const { failures, files, ...counts } = readVitest(vitest);
  expect(counts).toEqual({ passed: 1, failed: 2, skipped: 2 });
  expect(files).toEqual([
    { name: '/x/a.test.ts', ms: 2500 },
    { name: '/x/broken.test.ts', ms: 0 },
  ]);
  expect(failures).toEqual(['/x/a.test.ts: divides', '/x/broken.test.ts: SyntaxError: no']);
});

it('counts browser tests, and an error outside every test as a failure', () => {
  expect(readPlaywright(playwright)).toEqual({
    passed: 4,
    failed: 1,
    skipped: 2,
    failures: ['live.spec.ts: watches'],
    files: [{ name: 'live.spec.ts', ms: 12_000 }],
  });
  expect(readPlaywright({ errors: [{ message: 'no browser\nstack' }] })).toMatchObject({
    failed: 1,
    failures: ['no browser'],
  });
});

it('sums up in one line', () => {
  expect(summaryLine(add(readVitest(vitest), readPlaywright(playwright)))).toBe('5 passed, 3 failed, 4 skipped');
});

it('names the files that took longest', () => {
  expect(slowestLines(add(readVitest(vitest), readPlaywright(playwright)), 2)).toEqual([
    'slowest:   12 s  live.spec.ts',
    'slowest:  2.5 s  /x/a.test.ts',
  ]);
});
