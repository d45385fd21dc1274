import type { Locator, Page } from '@playwright/test';
import { candidatePageSchema } from '@pentimento/api-contracts';
import { currentJudgments, judgmentPageSchema, type CreateJudgmentInput, type Job } from '@pentimento/contracts';
import { expect, test, violations, type Service } from './fixtures.ts';

const policy = { maxIterations: 3, threshold: 0.999 };
const newJob = (service: Service) => service.finish({ language: 'svg', model: 'scripted/quick', policy });

const bar = (page: Page): Locator => page.getByTestId('judgment');
const button = (page: Page, name: string | RegExp): Locator => bar(page).getByRole('button', { name });
const pressed = async (locator: Locator, on: boolean) => expect(locator).toHaveAttribute('aria-pressed', String(on));

async function candidatesOf(page: Page, job: Job): Promise<string[]> {
  const response = await page.request.get(`/v1/jobs/${job.id}/candidates`);
  return candidatePageSchema.parse(await response.json()).data.map(({ id }) => id);
}

async function judgmentsOf(page: Page, job: Job) {
  return judgmentPageSchema.parse(await (await page.request.get(`/v1/jobs/${job.id}/judgments`)).json()).data;
}

const judge = (page: Page, candidate: string, data: CreateJudgmentInput) =>
  page.request.post(`/v1/candidates/${candidate}/judgments`, { data });

/** Answers writes like a server without its database, until it is called again. */
async function breakWrites(page: Page): Promise<() => Promise<void>> {
  const problem = {
    type: 'urn:pentimento:problem:unavailable',
    title: 'Not available now',
    status: 503,
    detail: 'PostgreSQL does not answer: try again, and if it stays unreachable, start it or correct DATABASE_URL.',
    code: 'unavailable',
  };
  await page.route(/\/v1\/.*(judgments|tags)/, async (route) => {
    if (route.request().method() === 'GET') return route.continue();
    return route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  return () => page.unrouteAll();
}

test('judges by keys: accept, reject, a note, and the marks of the filmstrip', async ({ page, service }) => {
  const job = await newJob(service);
  const [first, second] = await candidatesOf(page, job);
  await page.goto(`${job.links.web}&i=0`);
  await expect(button(page, 'Accept')).toBeEnabled();
  await page.keyboard.press('a');
  await pressed(button(page, 'Accept'), true);
  await page.keyboard.press('r');
  await pressed(button(page, 'Accept'), false);
  await pressed(button(page, 'Reject'), true);
  await page.keyboard.press('ArrowRight');
  await pressed(button(page, 'Reject'), false);
  await page.keyboard.press('a');
  await page.keyboard.press('n');
  await expect(page.getByLabel('Note on iteration 1')).toBeFocused();
  await page.keyboard.type('a bar is <b>missing</b>');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByLabel('Note on iteration 1')).toHaveCount(0);
  await expect(button(page, 'Note: a bar is <b>missing</b>')).toBeVisible();

  await page.reload();
  await pressed(button(page, 'Accept'), true);
  await expect(page.getByTestId('frame-0')).toContainText('judged reject');
  await expect(page.getByTestId('frame-1')).toContainText('judged accept, with a note');
  await expect(page.getByTestId('frame-2')).not.toContainText('judged');
  const current = currentJudgments(await judgmentsOf(page, job));
  expect(current).toMatchObject([
    { candidate: first, verdict: 'reject', note: '' },
    { candidate: second, verdict: 'accept', note: 'a bar is <b>missing</b>' },
  ]);

  await page.keyboard.press('a');
  await pressed(button(page, 'Accept'), false);
  await page.getByTestId('frame-0').click();
  await button(page, 'Reject').click();
  await pressed(button(page, 'Reject'), false);
  await expect
    .poll(async () => currentJudgments(await judgmentsOf(page, job)))
    .toMatchObject([{ candidate: second, verdict: null, note: 'a bar is <b>missing</b>' }]);
});

test('prefers the selected candidate over the one beside it, or the other way around', async ({ page, service }) => {
  const job = await newJob(service);
  const [first, second, third] = await candidatesOf(page, job);
  await page.goto(`${job.links.web}&i=2&left=0`);
  await expect(button(page, 'Better than iteration 0')).toBeEnabled();
  await page.keyboard.press('>');
  await pressed(button(page, 'Better than iteration 0'), true);
  await expect(page.getByTestId('frame-0')).toContainText('another is preferred');
  await expect(page.getByTestId('frame-2')).toContainText('preferred over another');
  await page.getByLabel('The other candidate').selectOption({ label: '1: 0.841' });
  await pressed(button(page, 'Better than iteration 1'), false);
  await button(page, 'Worse than iteration 1').click();
  await pressed(button(page, 'Worse than iteration 1'), true);
  await page.getByLabel('The other candidate').selectOption({ index: 0 });
  await page.keyboard.press('<');
  await pressed(button(page, 'Worse than iteration 0'), true);
  await pressed(button(page, 'Better than iteration 0'), false);
  await expect
    .poll(async () => currentJudgments(await judgmentsOf(page, job)))
    .toMatchObject([
      { candidate: second, preferredOver: third },
      { candidate: first, preferredOver: third },
    ]);
  await page.keyboard.press('<');
  await expect.poll(async () => currentJudgments(await judgmentsOf(page, job))).toHaveLength(1);
});

test('takes two fast presses in their order', async ({ page, service }) => {
  const job = await newJob(service);
  await page.goto(`${job.links.web}&i=0`);
  await expect(button(page, 'Accept')).toBeEnabled();
  for (const key of ['a', 'a', 'r', 'ArrowRight', 'a']) await page.keyboard.press(key);
  await expect.poll(async () => (await judgmentsOf(page, job)).length).toBe(3);
  const [accepted, ...rest] = await judgmentsOf(page, job);
  expect(accepted!.withdrawnAt).not.toBeNull();
  expect(rest.map(({ verdict, withdrawnAt }) => [verdict, withdrawnAt])).toEqual([
    ['reject', null],
    ['accept', null],
  ]);
  await pressed(button(page, 'Accept'), true);
});

test('shows what others said as text, and never runs it', async ({ page, service }) => {
  const job = await newJob(service);
  const [first] = await candidatesOf(page, job);
  const hostile = '<img src=x onerror="document.title=\'hacked\'">';
  await judge(page, first!, { verdict: 'reject', note: hostile, author: { kind: 'model', name: '<b>judge</b>' } });
  await page.goto(`${job.links.web}&i=0`);
  await button(page, '1 judgment of others').click();
  await expect(page.getByRole('dialog')).toContainText('Model <b>judge</b>reject');
  await expect(page.getByRole('dialog')).toContainText(hostile);
  expect(await page.title()).not.toBe('hacked');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('takes back what cannot be saved, keeps the note, and saves at the next try', async ({ page, service }) => {
      const job = await newJob(service);
      await page.goto(`${job.links.web}&i=1`);
      await expect(button(page, 'Accept')).toBeEnabled();
      const repair = await breakWrites(page);
      await button(page, 'Reject').click();
      await expect(bar(page).getByRole('alert')).toHaveText(
        'The judgment of iteration 1 is not saved. PostgreSQL does not answer: try again, and if it stays unreachable, ' +
          'start it or correct DATABASE_URL.Try again',
      );
      await pressed(button(page, 'Reject'), false);
      await button(page, 'Note').click();
      await page.getByLabel('Note on iteration 1').fill('Too thin.');
      await button(page, 'Save note').click();
      await expect(bar(page).getByRole('alert')).toBeVisible();
      await page.getByTestId('frame-0').click();
      await page.getByTestId('frame-1').click();
      await expect(page.getByLabel('Note on iteration 1')).toHaveValue('Too thin.');
      expect(await violations(page)).toEqual([]);
      await repair();
      await button(page, 'Save note').click();
      await expect(page.getByLabel('Note on iteration 1')).toHaveCount(0);
      await expect(bar(page).getByRole('alert')).toHaveCount(0);
      expect(currentJudgments(await judgmentsOf(page, job))).toMatchObject([{ verdict: null, note: 'Too thin.' }]);
    });

    test('does not judge before the judgments are known, and says so', async ({ page, service }) => {
      const job = await newJob(service);
      await page.route(/\/judgments$/, (route) => route.abort());
      await page.goto(job.links.web);
      await expect(bar(page).getByRole('alert')).toContainText('The judgments could not be loaded.', {
        timeout: 30_000,
      });
      await expect(button(page, 'Accept')).toBeDisabled();
      expect(await violations(page)).toEqual([]);
      await page.unrouteAll();
      await button(page, 'Try again').click();
      await expect(button(page, 'Accept')).toBeEnabled();
    });

    test('shows everything on a phone without sideways scrolling', async ({ page, service }) => {
      await page.setViewportSize({ width: 320, height: 700 });
      const job = await newJob(service);
      const [first, second] = await candidatesOf(page, job);
      const note = 'A note that is long enough to be cut off, with averyveryveryveryveryveryverylongwordinitsmiddle.';
      await judge(page, first!, { verdict: 'accept', note });
      await judge(page, second!, { preferredOver: first });
      await judge(page, first!, { verdict: 'reject', note, author: { kind: 'model', name: 'x'.repeat(200) } });
      await page.request.put(`/v1/jobs/${job.id}/tags`, { data: { tags: ['x'.repeat(40), 'y'.repeat(40), 'short'] } });
      await page.goto(`${job.links.web}&i=0`);
      await pressed(button(page, 'Accept'), true);
      await button(page, /^Note/).click();
      await page.getByRole('button', { name: 'Add a tag' }).click();
      expect(await violations(page)).toEqual([]);
      await button(page, '1 judgment of others').click();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    });

    test('edits the tags of a job, and finds jobs by them', async ({ page, service }) => {
      const [job] = [await newJob(service), await newJob(service)];
      const tag = `${colorScheme}-tag`;
      await page.goto(job.links.web);
      await page.getByRole('button', { name: 'Add a tag' }).click();
      await expect(page.getByLabel('New tag')).toBeFocused();
      await page.keyboard.type('größe');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('tags').getByRole('alert')).toContainText('1 to 40 characters');
      await page.getByLabel('New tag').fill(`${tag}, other`);

      const repair = await breakWrites(page);
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('tags').getByRole('alert')).toContainText('The tags are not saved. PostgreSQL');
      await expect(page.getByLabel('New tag')).toHaveValue(`${tag}, other`);
      await expect(page.getByTestId('tags').getByRole('listitem')).toHaveCount(0);
      expect(await violations(page)).toEqual([]);
      await repair();

      await page.keyboard.press('Enter');
      await expect(page.getByLabel('New tag')).toHaveValue('');
      await expect(page.getByTestId('tags').getByRole('listitem')).toHaveText([tag, 'other']);
      await page.keyboard.press('Escape');
      await expect(page.getByLabel('New tag')).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Add a tag' })).toBeFocused();
      await page.getByRole('button', { name: 'Remove the tag other' }).click();
      await expect(page.getByTestId('tags').getByRole('listitem')).toHaveText([tag]);
      await page.getByRole('link', { name: tag }).click();
      await expect(page.getByTestId('job-row')).toHaveCount(1);
      await expect(page.getByLabel('Tag', { exact: true })).toHaveValue(tag);
      await page.getByTestId('job-row').click();
      await expect(page.getByTestId('peek').getByRole('button', { name: tag })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Tag', { exact: true }).selectOption('All tags');
      await expect(page.getByTestId('job-row').nth(1)).toBeVisible();
    });
  });
}
