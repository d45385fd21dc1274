import { seconds } from './terminal.mjs';

/** Tests by how they ended, the names of those that failed, and the files with the time that each took. */
export const nothing = { passed: 0, failed: 0, skipped: 0, failures: [], files: [] };

export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
    files: [...a.files, ...b.files],
  };
}

/** The files that took longest, one a line. */
export const slowestLines = ({ files }, count) =>
  files
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, count)
    .map(({ name, ms }) => `slowest: ${seconds(ms).padStart(6)}  ${name}`);

export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Counts of vitest's JSON report. A file that fails before its first test counts as one failure. */
export function readVitest(report) {
  const files = report.testResults ?? [];
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const failures = [
    ...tests.filter(isFailed).map((test) => `${test.file}: ${test.fullName}`),
    ...broken.map((file) => `${file.name}: ${file.message?.split('\n')[0] || 'did not load'}`),
  ];
  const passed = tests.filter((test) => test.status === 'passed').length;
  const skipped = tests.filter((test) => test.status !== 'passed' && !isFailed(test)).length;
  const times = files.map(({ name, startTime = 0, endTime = 0 }) => ({ name, ms: endTime - startTime }));
  return { passed, failed: failures.length, skipped, failures, files: times };
}

const isFailed = (test) => test.status === 'failed';

/** Counts of Playwright's JSON report. A test that passed only when tried again has passed. */
export function readPlaywright(report) {
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = report.stats ?? {};
  const errors = report.errors ?? [];
  const failures = [
    ...specsOf(report.suites ?? [])
      .filter((spec) => !spec.ok)
      .map((spec) => `${spec.file}: ${spec.title}`),
    ...errors.map((error) => error.message?.split('\n')[0] ?? 'the browser tests did not start'),
  ];
  const files = (report.suites ?? []).map((suite) => ({ name: suite.file ?? suite.title, ms: timeOf(suite) }));
  return { passed: expected + flaky, failed: unexpected + errors.length, skipped, failures, files };
}

function specsOf(suites) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsOf(suite.suites ?? [])]);
}

function timeOf(suite) {
  const results = specsOf([suite]).flatMap((spec) => (spec.tests ?? []).flatMap((test) => test.results ?? []));
  return results.reduce((sum, { duration = 0 }) => sum + duration, 0);
}
