import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { exportFilePageSchema, exportPageSchema, exportSchema, isFinal, type Export } from '@pentimento/contracts';
import { tarEntries } from '../support/tar.ts';
import { expect, test, type Service } from './fixtures.ts';

const policy = { maxIterations: 3, threshold: 0.999 };

/** Two trajectories of this policy version, of three candidates each. */
async function trajectories(service: Service, policyVersion: string) {
  const request = { language: 'svg', model: 'scripted/quick', policy, policyVersion } as const;
  return [await service.finish(request), await service.finish(request)];
}

const counts = (page: Page) => page.getByTestId('counts');
/** Without that of Next's router. */
const alerts = (page: Page) => page.getByRole('main').getByRole('alert');
const rows = (page: Page) => page.getByTestId('preview-row');
const idOf = (page: Page) => new URL(page.url()).searchParams.get('id')!;

/** Makes a dataset through the API and waits for its end. */
async function finished(page: Page, request: object): Promise<Export> {
  const created = exportSchema.parse(await (await page.request.post('/v1/exports', { data: request })).json());
  for (;;) {
    const found = exportSchema.parse(await (await page.request.get(created.links.self)).json());
    if (isFinal(found.status)) return found;
    await page.waitForTimeout(50);
  }
}

/** Deletes what a list has, page by page. */
async function deleteAll(page: Page, path: string): Promise<void> {
  for (;;) {
    const { data } = (await (await page.request.get(path)).json()) as { data: { links: { self: string } }[] };
    if (data.length === 0) return;
    for (const { links } of data) await page.request.delete(links.self);
  }
}

test('says what a dataset is where there is none, and leads to a new one', async ({ page }) => {
  await deleteAll(page, '/v1/exports?limit=100');
  await deleteAll(page, '/v1/jobs?limit=100');
  await page.goto('/datasets');
  await expect(page.getByTestId('empty')).toContainText('A dataset is a frozen copy of your trajectories');
  await page.getByRole('link', { name: 'New dataset' }).click();
  await expect(page).toHaveURL(/\/datasets\/new$/);
  await expect(page.getByRole('region', { name: 'RL prompts' })).toContainText('EasyR1, VinciCoder RL');
  await expect(page.getByRole('region', { name: 'RL prompts' })).toContainText('data.prompt_key=problem');
  await page.getByRole('region', { name: 'General' }).getByRole('button', { name: 'Canonical traces' }).click();
  await expect(page.getByText('No job has ended yet')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Submit an image' })).toHaveAttribute('href', '/submit');
});

test('builds a dataset by filters, shows its rows as exported, and has them in the archive', async ({
  page,
  service,
}) => {
  const jobs = await trajectories(service, 'built');
  await page.goto('/datasets/new');
  await page.getByRole('button', { name: 'EasyR1, VinciCoder RL' }).click();
  await expect(page).toHaveURL(/format=easyr1/);
  await page.getByText('More filters').click();
  await page.getByLabel('Policy versions', { exact: true }).fill('built');
  await page.keyboard.press('Enter');
  await expect(counts(page)).toHaveText(/2 trajectories 6 candidates/);
  await page.getByLabel('HTML').check({ force: true });
  await expect(counts(page)).toHaveText(/0 trajectories 0 candidates/);
  await page.getByRole('button', { name: 'Create dataset' }).click();
  await expect(alerts(page)).toContainText('No trajectory matches');
  await page.getByLabel('HTML').uncheck({ force: true });
  await expect(counts(page)).toHaveText(/2 trajectories 6 candidates/);

  await expect(rows(page)).toHaveCount(6);
  const first = rows(page).first();
  await first.getByRole('button', { name: 'Row 1, all fields' }).click();
  await expect(first).toContainText(jobs[0]!.id);
  await expect(first.getByRole('button', { name: /^Open images\[0\], 240 by 160 pixels$/ }).first()).toBeVisible();
  await first
    .getByRole('button', { name: /^Open images\[0\]/ })
    .first()
    .click();
  const image = page.getByRole('dialog').getByRole('img');
  await expect(image).toHaveAttribute('src', new RegExp(`/v1/blobs/${jobs[0]!.target.image}$`));
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(240);
  await page.keyboard.press('Escape');

  await page.getByLabel('Name').fill('as built');
  await expect(page).toHaveURL(/name=as\+built/);
  await page.reload();
  await expect(page.getByLabel('Name')).toHaveValue('as built');
  await expect(counts(page)).toHaveText(/2 trajectories 6 candidates/);
  await page.getByRole('button', { name: 'Create dataset' }).click();

  await expect(page).toHaveURL(/\/datasets\?id=export_/);
  await expect(page.getByRole('heading', { name: 'as built' })).toBeVisible();
  await expect(page.getByTestId('status')).toHaveAttribute('data-status', 'succeeded');
  await expect(page.getByText('Frozen: its files never change.')).toBeVisible();
  await expect(page.getByTestId('row-counts')).toContainText(
    '2 trajectories read with 6 groups: 6 rows and 0 left out.',
  );
  await expect(page.getByTestId('filter-chips').first()).toContainText('Policy version built');
  await expect(rows(page)).toHaveCount(6);
  await expect(page.getByText(`npx pentimento export --id ${idOf(page)}`)).toBeVisible();

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: /^Download all/ }).click();
  const archive = new Map(tarEntries(await readFile(await (await downloading).path())));
  const id = idOf(page);
  const listed = exportFilePageSchema.parse(await (await page.request.get(`/v1/exports/${id}/files`)).json());
  expect([...archive.keys()].sort()).toEqual(listed.data.map(({ path }) => `${id}/${path}`).sort());
  expect(JSON.parse(archive.get(`${id}/manifest.json`)!.toString())).toMatchObject({ rows: { train: 6 }, units: 6 });
  expect(archive.get(`${id}/train.parquet`)!.subarray(0, 4).toString()).toBe('PAR1');
});

test('lists the files of a dataset, and gives one of them', async ({ page, service }) => {
  const jobs = await trajectories(service, 'one file');
  const dataset = await finished(page, { format: 'jsonl', filter: { jobs: jobs.map(({ id }) => id) } });
  await page.goto(`/datasets?id=${dataset.id}`);
  const downloading = page.waitForEvent('download');
  await page.getByTestId('files').getByRole('link', { name: 'traces.jsonl' }).click();
  const lines = (await readFile(await (await downloading).path(), 'utf8')).trim().split('\n');
  const exported = lines.map((line) => (JSON.parse(line) as { job: { id: string } }).job.id);
  expect(exported).toEqual(jobs.map(({ id }) => id));
});

test('says what is left out and why, before and after', async ({ page, service }) => {
  const code = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"/>';
  const job = await service.finish({ language: 'svg', model: 'scripted/quick', policy, code });
  await page.goto(`/datasets/new?format=easyr1&job=${job.id}`);
  const drops = page.getByTestId('drops').first();
  await expect(drops).toContainText('No model call');
  await expect(drops).toContainText(
    'The code came with the job or was edited by hand, so there is no prompt and no reply.',
  );
  await drops.getByText('Which ones').click();
  await expect(drops.getByRole('link', { name: job.id })).toHaveAttribute('href', job.links.web);
  await page.getByRole('button', { name: 'Create dataset' }).click();
  await expect(page.getByTestId('row-counts')).toContainText('and 1 left out.');
  await expect(page.getByTestId('row-counts').getByTestId('drops')).toContainText('no_call');
});

test('shows the texts of a row as text, and never runs them', async ({ page, service }) => {
  const instructions = '<img src="x" onerror="document.title = 1">';
  const job = await service.finish({ language: 'svg', model: 'scripted/quick', policy, instructions });
  await page.goto(`/datasets/new?format=trl-sft&job=${job.id}`);
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press('e');
  await expect(rows(page).first()).toContainText(instructions);
  await expect(rows(page).first()).toContainText('<rect width="240"');
  expect(await page.locator('img[src="x"], rect[width="240"]').count()).toBe(0);
  await expect(page).toHaveTitle('New dataset · Pentimento');
});

test('selects by tags and judgments', async ({ page, service }) => {
  const [tagged, judged] = await trajectories(service, 'selected');
  await page.request.put(`${tagged!.links.self}/tags`, { data: { tags: ['to-export'] } });
  await page.request.post(`/v1/candidates/${judged!.best!.candidate}/judgments`, { data: { verdict: 'accept' } });
  await page.goto('/datasets/new?format=jsonl&policy-version=selected');
  await expect(counts(page)).toHaveText(/2 trajectories 6 candidates/);
  await page.getByLabel('Tags', { exact: true }).fill('to-export');
  await page.getByRole('button', { name: 'Add: Tags' }).click();
  await expect(counts(page)).toHaveText(/1 trajectory 3 candidates/);
  await expect(rows(page).first()).toContainText('bars.png');
  await page.getByLabel('Judgment').selectOption('a candidate was accepted');
  await expect(counts(page)).toHaveText(/0 trajectories/);
  await page.getByRole('button', { name: 'Remove to-export' }).click();
  await expect(counts(page)).toHaveText(/1 trajectory 3 candidates/);
});

test('says at the field what is wrong with a filter, and counts again once it is right', async ({ page, service }) => {
  await trajectories(service, 'wrong');
  await page.goto('/datasets/new?format=easyr1&policy-version=wrong');
  await expect(counts(page)).toContainText('2 trajectories');
  await page.getByLabel('Score from').fill('2');
  await expect(alerts(page)).toHaveText('This must be at most 1.');
  await expect(page.getByLabel('Score from')).toHaveAttribute('aria-invalid', 'true');
  await expect(counts(page)).toContainText('Not counted: a field is not valid.');
  await page.getByLabel('Score from').fill('0.9');
  await page.getByLabel('Score to').fill('0.1');
  await expect(alerts(page)).toContainText('exchange them, or leave one out');
  await expect(page.getByTestId('marked')).toBeVisible();
  await page.getByRole('button', { name: 'Create dataset' }).click();
  await expect(page).toHaveURL(/\/datasets\/new\?/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(alerts(page)).toHaveCount(0);
  await expect(rows(page).first()).toBeVisible();
});

test('tells an outage from an empty answer, and tries again', async ({ page }) => {
  await page.route('**/v1/exports/preview', (route) => route.abort());
  await page.goto('/datasets/new?format=easyr1');
  await expect(page.getByText('The preview could not be made')).toBeVisible();
  await expect(counts(page)).toContainText('Not counted.');
  await page.unroute('**/v1/exports/preview');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('preview')).toBeVisible();
});

test('says why a dataset could not be made, and makes it on retry', async ({ page, service }) => {
  const [job] = await trajectories(service, 'retried');
  const folder = join(service.home, 'blobs', 'incoming');
  await rm(folder, { recursive: true, force: true });
  await writeFile(folder, 'No folder.');
  const failed = await finished(page, { format: 'jsonl', name: 'to retry', filter: { jobs: [job!.id] } });
  await page.goto('/datasets');
  const row = page.getByTestId('dataset-row').filter({ hasText: 'to retry' });
  await expect(row).toContainText('free some space or give write access to the folder');
  await page.goto(`/datasets?id=${failed.id}`);
  await expect(page.getByTestId('reason')).toContainText('then retry the export');
  await rm(folder);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByTestId('status')).toHaveAttribute('data-status', 'succeeded');
  await expect(page.getByTestId('reason')).toHaveCount(0);
});

test('shows how far a dataset is, updates the list, and deletes after confirmation', async ({ page, service }) => {
  const [job] = await trajectories(service, 'deleted');
  const dataset = await finished(page, { format: 'jsonl', name: 'to delete', filter: { jobs: [job!.id] } });
  let running = true;
  await page.route(/\/v1\/exports\?/, async (route) => {
    const response = await route.fetch();
    const list = exportPageSchema.parse(await response.json());
    const data = list.data.map((each) => (running && each.id === dataset.id ? halfDone(each) : each));
    await route.fulfill({ response, json: { ...list, data } });
  });
  await page.goto('/datasets');
  const row = page.getByTestId('dataset-row').filter({ hasText: 'to delete' });
  await expect(row.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  await expect(row).toContainText('1 of 2 trajectories read, 7 rows, 2 KB');
  const canceling = page.waitForRequest((request) => new URL(request.url()).pathname === dataset.links.cancel);
  await row.getByRole('button', { name: 'Cancel to delete' }).click();
  await canceling;
  running = false;
  await expect(row.getByTestId('status').first()).toHaveAttribute('data-status', 'succeeded');
  await expect(page.getByText('“to delete”: succeeded with 1 row.')).toBeAttached();

  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'to delete' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete this dataset' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('“to delete” and its files are deleted for good.');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/datasets$/);
  await expect(row).toHaveCount(0);
  expect((await page.request.get(dataset.links.self)).status()).toBe(404);
  expect((await page.request.get(job!.links.self)).status()).toBe(200);
});

const halfDone = (dataset: Export): Export => ({
  ...dataset,
  status: 'running',
  manifest: null,
  finishedAt: null,
  progress: { traces: 1, total: 2, rows: 7, bytes: 2048 },
});

test('says that a dataset does not exist', async ({ page }) => {
  await page.goto('/datasets?id=export_00000000-0000-7000-8000-000000000000');
  await expect(page.getByText('The dataset could not be loaded')).toBeVisible();
  await page.getByRole('link', { name: 'Datasets' }).click();
  await expect(page.getByRole('link', { name: 'New dataset' })).toBeVisible();
});
