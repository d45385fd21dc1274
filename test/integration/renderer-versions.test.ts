import { createRenderService, type RenderService } from '@pentimento/render';
import { afterAll, beforeAll, expect, it } from 'vitest';

let renderers: RenderService;
beforeAll(() => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
});
afterAll(() => renderers.close());

it.each([
  ['python', /^Python 3\.\d+, matplotlib 3\.\d+, seaborn [\d.]+, numpy [\d.]+, pandas [\d.]+/],
  ['latex', /^pdfTeX [\d.]+, TeX Live \d{4}$/],
  ['html', /^Chromium \d+$/],
  ['svg', /^librsvg [\d.]+$/],
  ['mermaid', /^Mermaid [\d.]+, Chromium \d+$/],
  ['smiles', /^RDKit [\d.]+$/],
])('tells the versions that code in %s is written for, in few words', async (language, versions) => {
  const [state] = await renderers.states([language]);
  expect(state!.versions).toMatch(versions);
  expect(state!.versions!.length).toBeLessThan(200);
});
