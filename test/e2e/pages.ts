import type { Locator, Page } from '@playwright/test';

/** Where things are on the dashboard's pages, by role and name, or by test id where a role says too little. */
export const jobsPage = (page: Page) => ({
  rows: page.getByTestId('job-row'),
  row: (id: string): Locator => page.locator(`[data-testid=job-row][data-job="${id}"]`),
  filter: (status: string): Locator => page.getByTestId('status-filters').getByRole('button', { name: status }),
  search: page.getByLabel('Search by name or id'),
  peek: page.getByTestId('peek'),
  empty: page.getByTestId('empty'),
  fresh: page.getByRole('button', { name: /^\d+ new$/ }),
  more: page.getByRole('button', { name: 'Load more' }),
});

export const submitPage = (page: Page) => ({
  file: page.getByLabel('Target image'),
  dropZone: page.getByTestId('drop-zone'),
  example: (name: string): Locator => page.getByTestId('examples').getByRole('button', { name }),
  /** Visually hidden radio buttons: check them with `force`. */
  language: (name: string): Locator => page.getByRole('radio', { name }),
  model: page.getByLabel('Model', { exact: true }),
  threshold: page.getByLabel('Threshold as a number'),
  iterations: page.getByLabel('Iterations'),
  candidates: page.getByLabel('Candidates'),
  more: page.getByText('More', { exact: true }),
  start: page.getByRole('button', { name: 'Start' }),
});

export const trajectoryPage = (page: Page) => ({
  status: page.getByTestId('status').first(),
  connection: page.getByTestId('connection'),
  progress: page.getByTestId('progress'),
  best: page.getByTestId('best'),
  ending: page.getByTestId('ending'),
  cancel: page.getByRole('button', { name: 'Cancel' }),
  retry: page.getByRole('button', { name: 'Retry' }),
  frames: page.getByTestId(/^frame-\d+$/),
  frame: (index: number): Locator => page.getByTestId(`frame-${index}`),
  selectedFrame: page.getByTestId('filmstrip').locator('[aria-current]'),
  pending: page.getByTestId('pending'),
  viewer: page.getByTestId('viewer'),
  mode: (name: string): Locator => page.getByRole('button', { name, exact: true }),
  /** `data-scale` is CSS pixels an image pixel. */
  stage: page.getByTestId('stage'),
  pane: (name: 'left' | 'right' | 'both'): Locator => page.getByTestId(`pane-${name}`),
  firstImage: page.getByLabel('First image'),
  secondImage: page.getByLabel('Second image'),
  zoom: page.getByTestId('zoom'),
  chart: page.getByTestId('chart'),
  patches: page.getByTestId('patches'),
  tab: (name: string): Locator => page.getByRole('tab', { name }),
  panel: page.getByRole('tabpanel'),
});
