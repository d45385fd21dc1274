import type { Page } from '@playwright/test';
import { expect, test, violations } from './fixtures.ts';

const policy = { maxIterations: 1, threshold: 0.999 };
const lengthOf = async (page: Page) => (await page.getByTestId('live-text').textContent())?.length ?? 0;

test('shows a reply as it is written, after a reload too, and cancels it at once', async ({ page, service }) => {
  const job = await service.submit({ language: 'svg', model: 'scripted/writing', policy });
  await page.goto(job.links.web);
  await expect(page.getByRole('tab', { name: 'Live' })).toHaveAttribute('aria-selected', 'true');
  const text = page.getByTestId('live-text');
  await expect(text).toContainText('Here it is.');
  await expect(text.locator('code span[style]').first()).toBeVisible();
  const before = await lengthOf(page);
  await expect.poll(() => lengthOf(page)).toBeGreaterThan(before);
  await expect(page.getByTestId('live-progress')).toHaveText(/^about [\d,]+ tokens, [\d.]+ a second$/);
  await expect(page.getByTestId('pending')).toContainText(/[\d.]+\/s~[\d,]+ tokens/);

  await expect(page.getByText('Thought, 23 characters')).toBeVisible();
  await page.getByText('Thought, 23 characters').click();
  await expect(page.getByRole('region', { name: 'What the model thinks' })).toHaveText('Bars on a plain ground.');
  await expect(text).not.toContainText('plain ground');

  // It is text, and no live region: a screen reader gets one sentence now and then.
  expect(await text.locator('img').count()).toBe(0);
  expect(await page.locator('[aria-live]').filter({ has: text }).count()).toBe(0);
  await expect(page.getByRole('status').filter({ hasText: /is being written, [\d,]+ tokens so far\./ })).toHaveCount(1);
  expect(await violations(page)).toEqual([]);

  const known = await lengthOf(page);
  await page.reload();
  await expect(text).toContainText('Here it is.');
  expect(await lengthOf(page)).toBeGreaterThanOrEqual(known);

  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'canceled');
  await expect(page.getByTestId('live')).toHaveCount(0);
  await expect(page.getByTestId('pending')).toHaveCount(0);
});

test('starts from scratch where the call is tried again', async ({ page, service }) => {
  const job = await service.submit({ language: 'svg', model: 'scripted/again', instructions: 'Twice.', policy });
  await page.goto(job.links.web);
  const text = page.getByTestId('live-text');
  await expect(text).toContainText('The first');
  await expect(text).toHaveText('The second attempt');
  await expect(page.getByTestId('live')).toContainText('attempt 2');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'canceled');
});

test('shows the replies of a group one at a time, from the frame in progress', async ({ page, service }) => {
  const group = { ...policy, candidates: 3, seed: 1, strategy: 'best-of-n' };
  const job = await service.submit({ language: 'svg', model: 'scripted/writing', policy: group });
  await page.goto(`${job.links.web}&tab=events`);
  await page.getByTestId('pending').getByRole('button').click();
  const second = page.getByRole('button', { name: '0.1', exact: true });
  await second.click();
  await expect(second).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('live')).toContainText('Iteration 0, candidate 1');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'canceled');
});
