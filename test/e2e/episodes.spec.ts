import AxeBuilder from '@axe-core/playwright';
import { environmentTurnSchema, type EnvironmentTurn } from '@pentimento/api-contracts';
import { fence } from '@pentimento/contracts';
import { expect, test } from './fixtures.ts';

const draft = fence(
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="90" height="9"/></svg>',
  'svg',
);

test('shows the episodes of environments apart from refinements, live and as they ended', async ({ page, service }) => {
  const ask = async (path: string, data: object): Promise<EnvironmentTurn> =>
    environmentTurnSchema.parse(await (await page.request.post(`/v1/environments/browser-1/${path}`, { data })).json());
  const task = { name: 'an episode', target: { data: service.target.toString('base64') }, language: 'svg' };
  const { job } = await ask('reset', task);

  await page.goto('/');
  await expect(page.getByText('an episode')).toHaveCount(0);
  await page.goto('/?kind=environment');
  await expect(page.getByLabel('Kind')).toHaveValue('environment');
  const row = page.getByTestId('job-row').filter({ hasText: 'an episode' });
  await expect(row.getByTestId('status').filter({ visible: true })).toHaveAttribute('data-status', 'waiting');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.goto(`/job?id=${job}`);
  await expect(page.getByTestId('pending')).toContainText('waiting for the model');
  await ask('step', { turn: 0, reply: draft });
  await expect(page.getByTestId('frame-0')).toBeVisible();
  await expect(page.getByTestId('status').first()).toHaveAttribute('data-status', 'waiting');

  await page.request.delete('/v1/environments/browser-1');
  await expect(page.getByTestId('job-result')).toContainText('Canceled by the user.');
  await expect(page.getByRole('button', { name: 'Retry' })).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
