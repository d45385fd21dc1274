import type { Locator, Page } from '@playwright/test';
import { iterationPageSchema } from '@pentimento/api-contracts';
import { interventionPageSchema, jobSchema, type Job } from '@pentimento/contracts';
import { expect, test, violations, type Service } from './fixtures.ts';

const policy = { maxIterations: 2, threshold: 0.999 };
const request = { language: 'svg', model: 'scripted/quick', policy };
const newJob = (service: Service) => service.finish(request);

const panel = (page: Page): Locator => page.getByTestId('steer');
/** A field of the panel: other parts of the page have similar names. */
const field = (page: Page, name: string): Locator => panel(page).getByRole('textbox', { name, exact: true });
const open = async (page: Page, { links }: Job) => {
  await page.goto(`${links.web}&tab=steer`);
  await expect(panel(page)).toBeVisible();
};
const interventionsOf = async (page: Page, job: Job) =>
  interventionPageSchema.parse(await (await page.request.get(`/v1/jobs/${job.id}/interventions`)).json()).data;
const iterationsOf = async (page: Page, job: Job) =>
  iterationPageSchema.parse(await (await page.request.get(job.links.iterations)).json()).data;
const jobOf = async (page: Page, id: string) =>
  jobSchema.parse(await (await page.request.get(`/v1/jobs/${id}`)).json());
const numbers = async (page: Page) =>
  Promise.all(['Left', 'Top', 'Width', 'Height'].map(async (name) => Number(await field(page, name).inputValue())));

/** How far the numbers of the marked box are from these, in all. */
const distanceTo = async (page: Page, wanted: readonly number[]): Promise<number> =>
  (await numbers(page)).reduce((sum, value, index) => sum + Math.abs(value - wanted[index]!), 0);

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('marks a region by a drag, asks to fix it, locks another by its numbers, and withdraws', async ({
      page,
      service,
    }) => {
      const job = await newJob(service);
      await open(page, job);
      await page.getByRole('button', { name: 'Fix this' }).click();
      await expect(page.getByText('Mark a region on the image')).toBeVisible();
      await expect(page.getByText('Say what is wrong in the region.')).toBeVisible();
      expect(await violations(page)).toEqual([]);

      await page.getByRole('button', { name: 'Mark on the images' }).click();
      const image = (await page.getByTestId('pane-left').locator('img').boundingBox())!;
      const at = (x: number, y: number) => [image.x + image.width * x, image.y + image.height * y] as const;
      await page.mouse.move(...at(0.25, 0.25));
      await page.mouse.down();
      await page.mouse.move(...at(0.4, 0.4));
      await page.mouse.move(...at(0.5, 0.5));
      await page.mouse.up();
      await expect.poll(() => distanceTo(page, [60, 40, 60, 40])).toBeLessThan(8);
      const [x, y, width, height] = (await numbers(page)) as [number, number, number, number];
      await page.getByLabel('What is wrong there').fill('The <b>bars</b> are too thin.');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Fix this' }).click();
      await expect(
        panel(page).getByRole('paragraph').filter({ hasText: 'The <b>bars</b> are too thin.' }),
      ).toBeVisible();
      await expect(field(page, 'Left')).toHaveValue('');

      await field(page, 'Left').fill('0');
      await field(page, 'Top').fill('0');
      await field(page, 'Width').fill('241');
      await field(page, 'Height').fill('20');
      await page.getByRole('button', { name: 'Lock' }).click();
      await expect(page.getByText('must lie within the target')).toBeVisible();
      await field(page, 'Width').fill('240');
      await field(page, 'Width').press('Tab');
      await page.getByRole('button', { name: 'Lock' }).press('Enter');
      await expect(panel(page).getByText('0, 0 · 240 × 20', { exact: true })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await interventionsOf(page, job)).toMatchObject([
        { kind: 'fix', box: { x, y, width, height }, words: 'The <b>bars</b> are too thin.' },
        { kind: 'lock', box: { x: 0, y: 0, width: 240, height: 20 } },
      ]);

      await page.getByRole('button', { name: /^Withdraw: Locked/ }).click();
      await expect(panel(page).getByText('0, 0 · 240 × 20', { exact: true })).toBeHidden();
      await expect(
        panel(page).getByRole('paragraph').filter({ hasText: 'The <b>bars</b> are too thin.' }),
      ).toBeVisible();
    });

    test('edits the code by hand, and shows it as an iteration', async ({ page, service }) => {
      const job = await newJob(service);
      await page.goto(job.links.web);
      await page.getByRole('button', { name: 'Edit by hand' }).click();
      const editor = page.getByTestId('code-editor');
      await expect(editor.getByRole('button', { name: 'Render and score' })).toBeDisabled();
      const code = await editor.getByRole('textbox').inputValue();
      await editor.getByRole('textbox').fill(code.replace('</svg>', '<circle cx="120" cy="80" r="30"/>\n</svg>'));
      expect(await violations(page)).toEqual([]);
      await editor.getByRole('button', { name: 'Render and score' }).click();
      await expect(page.getByTestId('frame-2')).toBeVisible();
      const [, , edit] = await iterationsOf(page, job);
      expect(edit).toMatchObject({ kind: 'edit', candidates: [{ call: null, render: { status: 'ok' } }] });
      expect(await jobOf(page, job.id)).toMatchObject({ status: 'succeeded', stopReason: 'max_iterations' });
      await page.getByTestId('frame-2').click();
      await page.getByRole('tab', { name: 'Prompt' }).click();
      await expect(page.getByText('no model was asked')).toBeVisible();
    });
  });
}

test('goes on from another iteration with more iterations', async ({ page, service }) => {
  const job = await newJob(service);
  await open(page, job);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Give a higher policy.maxIterations.')).toBeVisible();
  await page.keyboard.press('Home');
  await page.getByTestId('frame-0').click();
  await page.getByRole('button', { name: 'Go on from here' }).click();
  await expect(panel(page).getByText(/candidate …/)).toBeVisible();
  await field(page, 'Iterations').fill('3');
  await field(page, 'Threshold').fill('7');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('This must be at most 1.')).toBeVisible();
  await field(page, 'Threshold').fill('0.998');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByTestId('frame-2')).toBeVisible();
  const iterations = await iterationsOf(page, job);
  expect(iterations[2]!.parents).toEqual([iterations[0]!.candidates[0]!.id]);
  expect((await jobOf(page, job.id)).policy).toMatchObject({ maxIterations: 3, threshold: 0.998 });
});

test('forks from an iteration with other settings, and duplicates', async ({ page, service }) => {
  const job = await newJob(service);
  await open(page, job);
  await page.getByTestId('frame-0').click();
  await field(page, 'Iterations').fill('1');
  await page.getByRole('button', { name: 'Fork from iteration 0' }).click();
  await expect(page).not.toHaveURL(new RegExp(job.id));
  const [draft] = await iterationsOf(page, job);
  const fork = await jobOf(page, new URL(page.url()).searchParams.get('id')!);
  expect(fork).toMatchObject({
    forkedFrom: { job: job.id, candidate: draft!.candidates[0]!.id },
    policy: { maxIterations: 1, threshold: 0.999 },
  });
  await open(page, job);
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await expect(page).not.toHaveURL(new RegExp(job.id));
  const duplicate = await jobOf(page, new URL(page.url()).searchParams.get('id')!);
  expect(duplicate).toMatchObject({ forkedFrom: { job: job.id, candidate: null }, initialCode: null });
});

test('marks by touch, and by the key m', async ({ browser, service }) => {
  const job = await newJob(service);
  const context = await browser.newContext({ hasTouch: true, baseURL: service.url });
  const page = await context.newPage();
  await page.goto(job.links.web);
  await expect(page.getByTestId('frame-1')).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: 'Drag over the images' })).toBeVisible();
  const image = (await page.getByTestId('pane-left').locator('img').boundingBox())!;
  const session = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: image.x + image.width * share, y: image.y + image.height * share }],
    });
  await touch('touchStart', 0.1);
  for (const share of [0.2, 0.4, 0.6]) await touch('touchMove', share);
  await touch('touchEnd', 0.6);
  await expect.poll(() => distanceTo(page, [24, 16, 120, 80])).toBeLessThan(8);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Mark on the images' })).toBeVisible();
  await context.close();
});
