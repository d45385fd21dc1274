import { expect, openSubmit, test, violations } from './fixtures.ts';

const policy = { maxIterations: 3, threshold: 0.999 };
const newDataset = '/datasets/new?format=easyr1';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`axe finds nothing in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('on the list, empty and full', async ({ page, service }) => {
      await page.goto('/?search=there-is-no-such-job');
      await expect(page.getByTestId('status-filters')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await service.finish({ language: 'svg', model: 'scripted/quick', policy });
      await page.goto('/');
      await page.getByTestId('job-row').first().click();
      await expect(page.getByTestId('peek')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('on submit, with all fields open and an error shown', async ({ page }) => {
      await openSubmit(page);
      await page.getByRole('button', { name: 'Start' }).click();
      await expect(page.getByText('Choose an image first.')).toBeVisible();
      await expect(page.getByTestId('examples').getByRole('button').first()).toBeVisible();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByRole('radio', { name: 'SMILES' }).check({ force: true });
      await expect(page.getByText('cannot write SMILES')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('on a trajectory, in each mode and tab, and while it runs', async ({ page, service }) => {
      const done = await service.finish({ language: 'svg', model: 'scripted/quick', policy });
      await page.goto(done.links.web);
      await expect(page.getByTestId('frame-2')).toBeVisible();
      await page.getByText('All terms').click();
      await page.getByText('Scores as a table', { exact: true }).first().click();
      expect(await violations(page)).toEqual([]);
      for (const key of '123456') {
        await page.keyboard.press(key);
        expect(await violations(page, '[data-testid=viewer]')).toEqual([]);
      }
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await violations(page, '[role=tabpanel]')).toEqual([]);
      }
      await page.keyboard.press('?');
      expect(await violations(page)).toEqual([]);

      const running = await service.submit({ language: 'svg', model: 'scripted/stuck', policy });
      await page.goto(running.links.web);
      await expect(page.getByTestId('pending')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByTestId('job-result')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('on a failed job, a missing job and the system page', async ({ page, service }) => {
      const failed = await service.finish({ language: 'svg', model: 'scripted/mute', policy: { repairs: 0 } });
      await page.goto(failed.links.web);
      await expect(page.getByTestId('job-result')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto('/job?id=job_00000000-0000-7000-8000-000000000000');
      await expect(page.getByText('The job could not be loaded')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto('/system');
      await expect(page.getByTestId('health')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('on datasets: the formats, a form at error, rows with all fields, an image, and a version', async ({
      page,
      service,
    }) => {
      await service.finish({ language: 'svg', model: 'scripted/quick', policy, code: '<svg/>' });
      await page.goto('/datasets/new');
      await expect(page.getByTestId('formats')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'EasyR1, VinciCoder RL' }).click();
      await expect(page.getByTestId('preview-row').first()).toBeVisible();
      await page.keyboard.press('e');
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await violations(page)).toEqual([]);
      await page
        .getByTestId('preview-row')
        .first()
        .getByRole('button', { name: /^Open / })
        .first()
        .click();
      await expect(page.getByTestId('image-dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByLabel('Score from').fill('2');
      await expect(page.getByTestId('marked')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Score from').fill('');
      await page.getByRole('button', { name: 'Create dataset' }).click();
      await expect(page).toHaveURL(/\/datasets\?id=/, { timeout: 30_000 });
      // The dataset is made by the worker first. Where it is not, the text of the page says why.
      await expect(page.locator('main')).toContainText('Use it', { timeout: 60_000 });
      await expect(page.getByTestId('files')).toBeVisible();
      await expect(page.getByTestId('preview')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto('/datasets');
      await expect(page.getByTestId('dataset-row').first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('at the width of a phone, without sideways scrolling', async ({ page, service }) => {
      await page.setViewportSize({ width: 320, height: 700 });
      const done = await service.finish({ language: 'svg', model: 'scripted/quick', policy });
      for (const path of ['/', '/submit', done.links.web, '/datasets', '/datasets/new', newDataset, '/system']) {
        await page.goto(path);
        await expect(page.getByRole('main')).toBeVisible();
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      }
    });
  });
}
