import type { Page } from '@playwright/test';
import { dropFile, expect, openSubmit, test } from './fixtures.ts';

const policy = { maxIterations: 6, threshold: 0.999 };

test('submits by drop, shows the job live, and misses nothing after a reload', async ({ page, service }) => {
  await openSubmit(page);
  await dropFile(page, { name: 'bars.png', type: 'image/png', bytes: service.target });
  await expect(page.getByRole('img', { name: 'Target bars.png, 240 by 160 pixels' })).toBeVisible();
  await page.getByLabel('SVG').check({ force: true });
  await page.getByLabel('Model', { exact: true }).selectOption('scripted/slow');
  await page.getByLabel('Threshold as a number').fill('0.999');
  await page.getByLabel('Iterations').fill('6');
  await page.getByRole('button', { name: 'Start' }).click();

  await expect(page).toHaveURL(/\/job\?id=job_/);
  const frames = page.getByTestId(/^frame-\d+$/);
  await expect(page.getByTestId('pending')).toBeVisible();
  await expect(frames.nth(1)).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('frame-0')).toBeVisible();
  await expect(page.getByTestId('frame-1')).toBeVisible();

  await expect(page.getByTestId('job-result')).toContainText('Ended below the threshold', { timeout: 30_000 });
  await expect(frames).toHaveCount(6);
  await expect(page.getByTestId('pending')).toHaveCount(0);
  await expect(page.getByTestId('progress')).toHaveText('6 of 6 iterations');
  await page.getByRole('tab', { name: 'Events' }).click();
  const lines = await page.getByTestId('events').getByRole('listitem').count();
  const stored = (await (
    await page.request.get(`/v1/jobs/${idOf(page.url())}/events?format=json`)
  ).json()) as unknown[];
  expect(lines).toBe(stored.length);
});

test('shares one zoom between compare modes, and walks the trajectory by keys', async ({ page, service }) => {
  const job = await service.finish({ language: 'svg', model: 'scripted/quick', policy });
  await page.goto(job.links.web);
  await page.getByTestId('frame-0').click();
  await expect(page).toHaveURL(/&i=0/);
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/&i=1/);
  await page.keyboard.press('b');
  await expect(page).toHaveURL(new RegExp(`&i=${job.best!.iteration}`));

  await page.getByRole('button', { name: 'Zoom in (=)' }).click();
  await page.getByRole('button', { name: 'Zoom in (=)' }).click();
  const zoom = await page.getByTestId('zoom').innerText();
  for (const [key, mode] of [
    ['2', 'Swipe'],
    ['3', 'Flip'],
    ['4', 'Onion'],
    ['5', 'Difference'],
    ['6', 'Tile scores'],
    ['1', 'Side by side'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('button', { name: mode, exact: true })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByTestId('zoom')).toHaveText(zoom);
  }
  await page.keyboard.press('5');
  await expect(page.getByTestId('difference')).toBeVisible();
  await page.keyboard.press('6');
  await expect(page.getByTestId('tile-layer')).toBeVisible();

  await expect(page).toHaveURL(/mode=tiles&zoom=.*2C2$/);
  const exact = page.url();
  await page.goto('/');
  await page.goto(exact);
  await expect(page.getByTestId('zoom')).toHaveText(zoom);
});

test('shows the code, its diff, the prompt as sent and the timings of an iteration', async ({ page, service }) => {
  const job = await service.finish({
    language: 'svg',
    model: 'scripted/quick',
    instructions: 'Mind the bars.',
    policy,
  });
  await page.goto(`${job.links.web}&i=2`);
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(page.getByTestId('code')).toContainText('<rect x="40"');
  await page.getByRole('tab', { name: 'Diff' }).click();
  await expect(page.getByTestId('diff')).toContainText('<rect x="40"');
  await page.getByRole('tab', { name: 'Prompt' }).click();
  await expect(page.getByTestId('prompt')).toContainText('Mind the bars.');
  await expect(page.getByTestId('prompt')).toContainText('Patches, worst first');
  expect(await page.getByTestId('prompt').getByRole('img').count()).toBeGreaterThanOrEqual(4);
  await page.getByRole('tab', { name: 'Timings' }).click();
  await expect(page.getByTestId('timings')).toContainText('model');
});

test('keeps finished iterations on cancel, and continues after them on retry', async ({ page, service }) => {
  const job = await service.submit({ language: 'svg', model: 'scripted/stuck', policy });
  await page.goto(job.links.web);
  await expect(page.getByTestId('frame-0')).toBeVisible();
  await expect(page.getByTestId('pending')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'canceled');
  await expect(page.getByTestId('frame-0')).toBeVisible();
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByTestId('pending')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'canceled');
});

test('deletes a job from its page and from the list after confirmation', async ({ page, service }) => {
  const [running, done] = [
    await service.submit({ name: 'delete me', language: 'svg', model: 'scripted/stuck', policy }),
    await service.finish({ name: 'delete me too', language: 'svg', model: 'scripted/quick', policy }),
  ];
  await page.goto(running.links.web);
  await expect(page.getByTestId('frame-0')).toBeVisible();
  await page.getByRole('button', { name: 'Delete this job' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('“delete me” and its 1 iteration are deleted for good');
  await expect(dialog).toContainText('It has not ended yet');
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await expect(dialog).toBeHidden();
  expect((await page.request.get(running.links.self)).status()).toBe(200);
  await page.getByRole('button', { name: 'Delete this job' }).click();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  expect((await page.request.get(running.links.self)).status()).toBe(404);

  await page.getByLabel('Search by name or id').fill('delete me');
  await expect(page.getByTestId('job-row')).toHaveCount(1);
  await page.getByTestId('job-row').click();
  await page.getByTestId('peek').getByRole('button', { name: 'Delete this job' }).click();
  await expect(dialog).not.toContainText('It has not ended yet');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No job matches.')).toBeVisible();
  expect((await page.request.get(done.links.self)).status()).toBe(404);
});

test('says what happened and what to do where nothing rendered', async ({ page, service }) => {
  const job = await service.finish({ language: 'svg', model: 'scripted/mute', policy: { repairs: 1 } });
  await page.goto(job.links.web);
  await expect(page.getByTestId('job-result')).toContainText('No reply gave code that renders');
});

test('refuses a text file named .png with the reason, and stores nothing', async ({ page }) => {
  const before = await countOf(page);
  await openSubmit(page);
  await dropFile(page, { name: 'notes.png', type: 'image/png', bytes: Buffer.from('not an image') });
  await expect(page.getByText('cannot be read as an image')).toBeVisible();
  expect(await countOf(page)).toBe(before);
});

test('finds, filters and opens jobs in the list', async ({ page, service }) => {
  await service.finish({ name: 'needle in a haystack', language: 'svg', model: 'scripted/quick', policy });
  await page.goto('/');
  await expect(page.getByTestId('job-row').first()).toBeVisible();
  await page.getByLabel('Search by name or id').fill('needle');
  await expect(page.getByTestId('job-row')).toHaveCount(1);
  await page.getByTestId('job-row').click();
  await expect(page.getByTestId('peek')).toContainText('needle in a haystack');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/job\?id=/);
});

function idOf(url: string): string {
  return new URL(url).searchParams.get('id')!;
}

async function countOf(page: Page): Promise<number> {
  const { counts } = (await (await page.request.get('/v1/jobs?limit=1')).json()) as { counts: Record<string, number> };
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
