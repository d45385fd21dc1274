import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShown } from './child-processes.mjs';
import { binary, inRoot, projectNode } from './paths.mjs';
import { ensureDashboard, setUp, setUpForTests } from './setup.mjs';
import { say, seconds } from './terminal.mjs';
import { add, nothing, readPlaywright, readVitest, slowestLines, summaryLine } from './test-report.mjs';

const browserTests = 'test/e2e/playwright.config.ts';
const isBrowserFilter = (filter) => filter.includes('e2e');

/** Of vitest, by the kind of tests. */
const projects = { unit: ['unit'], integration: ['integration', 'hostile'] };

function readReport(file, read) {
  return existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : nothing;
}

/** A run that ended badly counts as a failure even where its report knows of none: a crash, an unhandled error. */
function withExitCode(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function runVitest(filters, folder, kind) {
  const file = join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const project = (projects[kind] ?? []).flatMap((name) => ['--project', name]);
  const args = [
    inRoot('node_modules/vitest/vitest.mjs'),
    'run',
    '--passWithNoTests',
    ...reporters,
    ...project,
    ...filters,
  ];
  const code = await runShown(projectNode(), args, { env: { NODE_ENV: 'test' } });
  return withExitCode(readReport(file, readVitest), code);
}

async function runPlaywright(filters, folder) {
  const file = join(folder, 'playwright.json');
  const args = ['test', '-c', browserTests, '--pass-with-no-tests', '--reporter=list,json', ...filters];
  const code = await runShown(binary('playwright'), args, { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } });
  return withExitCode(readReport(file, readPlaywright), code);
}

/**
 * Every test, or those whose file names hold one of the filters. Ends with one line of figures.
 *
 * @param kind `unit`, `integration` or `e2e` for the tests of that kind alone.
 */
export async function run(filters, kind) {
  const began = Date.now();
  const asksForBrowser = filters.length === 0 || filters.some(isBrowserFilter);
  const withBrowser = existsSync(inRoot(browserTests)) && (kind === 'e2e' || (!kind && asksForBrowser));
  const withVitest = kind !== 'e2e' && (filters.length === 0 || !filters.every(isBrowserFilter));
  await (kind === 'unit' ? setUp(['prisma', 'api']) : setUpForTests(['prisma', 'api']));
  if (withBrowser) await ensureDashboard();

  const folder = mkdtempSync(join(tmpdir(), 'pentimento-test-'));
  const vitestFilters = filters.filter((filter) => !isBrowserFilter(filter));
  const browserFilters = kind === 'e2e' ? filters : filters.filter(isBrowserFilter);
  let counts = nothing;
  try {
    if (withVitest) counts = add(counts, await runVitest(vitestFilters, folder, kind));
    if (withBrowser) counts = add(counts, await runPlaywright(browserFilters, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (counts.passed + counts.failed === 0) say('No test ran: no file name contains one of the filters.');
  for (const failure of counts.failures) say(`failed: ${failure}`);
  for (const line of slowestLines(counts, 10)) say(line);
  say(`tests took ${seconds(Date.now() - began)}`);
  process.stdout.write(`${summaryLine(counts)}\n`);
  return counts.passed > 0 && counts.failed === 0 ? 0 : 1;
}
