import { dropFile, expect, openSubmit, test } from './fixtures.ts';

test('refines a Python figure by its worst tile, and shows every term of its score', async ({ page, service }) => {
  test.skip(!(await service.canRender('python')), 'Python is not installed.');
  await openSubmit(page);
  await dropFile(page, { name: 'bar chart.png', type: 'image/png', bytes: service.target });
  await expect(page.getByRole('radio', { name: 'Python' })).toBeChecked();
  await expect(page.getByText('guessed from the name')).toBeVisible();
  await page.getByLabel('Model', { exact: true }).selectOption('scripted/quick');
  await page.getByLabel('Threshold as a number').fill('0.999');
  await page.getByLabel('Iterations').fill('1');
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Threshold reads').selectOption('worst tile');
  await page.getByRole('group', { name: 'Minimums' }).getByLabel('size').fill('0.5');
  await page.getByRole('button', { name: 'Start' }).click();

  await expect(page.getByTestId('job-result')).toContainText('its worst tile score is', { timeout: 60_000 });
  await expect(page.getByTestId('best')).toContainText('threshold 0.999 (worst tile) and 0.500 (size)');
  await page.getByText('All terms').click();
  const terms = page.getByTestId('all-terms');
  await expect(terms.getByRole('row', { name: /^size/ })).toContainText('1.000');
  await expect(terms.getByRole('row', { name: /^text/ })).toContainText('none');
  await expect(page.getByTestId('code')).toContainText('matplotlib');
});

test('shows an error of LaTeX, and the iteration after it', async ({ page, service }) => {
  test.skip(!(await service.canRender('latex')), 'LaTeX is not installed.');
  await openSubmit(page);
  await dropFile(page, { name: 'tikz.png', type: 'image/png', bytes: service.target });
  await expect(page.getByRole('radio', { name: 'LaTeX' })).toBeChecked();
  await page.getByLabel('Model', { exact: true }).selectOption('scripted/quick');
  await page.getByLabel('Iterations').fill('2');
  await page.getByRole('button', { name: 'Start' }).click();

  await expect(page.getByTestId('job-result')).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('frame-0').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByTestId('log')).toContainText('Not rendered: the code has a syntax error');
  await expect(page.getByTestId('log')).toContainText('nosuchcommand');
  await page.getByTestId('frame-1').click();
  await expect(page.getByTestId('overall')).toBeVisible();
  await page.getByTestId('patches').getByRole('button').first().focus();
  await expect(page.getByTestId('region').first()).toBeVisible();
});

test('says before submission that the built-in model cannot write a language', async ({ page, service }) => {
  const refusal = page.getByText('The built-in model traces shapes and cannot write SMILES');
  await openSubmit(page);
  await dropFile(page, { name: 'molecule.png', type: 'image/png', bytes: service.target });
  await expect(page.getByText('since the built-in model cannot write SMILES')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'SVG' })).toBeChecked();
  await page.getByRole('radio', { name: 'SMILES' }).check({ force: true });
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(refusal).toBeVisible();
  await expect(page).toHaveURL(/\/submit$/);
  await page.getByLabel('Model', { exact: true }).selectOption('scripted/quick');
  await expect(refusal).toHaveCount(0);
});
