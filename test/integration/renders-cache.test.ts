import type { ByteCache, RenderRequest, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderServiceOptions } from '@pentimento/render';
import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';

const noAbort = new AbortController().signal;
const circle = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="12" fill="red"/></svg>';
const request = (code: string, width = 40): RenderRequest => ({
  language: 'svg',
  code,
  size: { width, height: 30 },
  trusted: true,
});

class Entries implements ByteCache {
  readonly kept = new Map<string, Uint8Array>();
  hits = 0;
  get(key: string) {
    const found = this.kept.get(key);
    if (found) this.hits++;
    return Promise.resolve(found);
  }
  set(key: string, bytes: Uint8Array) {
    this.kept.set(key, bytes);
    return Promise.resolve();
  }
}

/** Without the time, which differs. */
const withoutTime = (result: RenderResult) => ({
  ...result,
  ms: 0,
  ...(result.status === 'ok' && { image: Buffer.from(result.image).toString('base64') }),
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const renderers of open.splice(0)) await renderers.close();
});
const startOver = (cache: ByteCache, options: RenderServiceOptions = {}) => {
  const renderers = createRenderService({ concurrency: 1, cache, ...options });
  open.push(renderers);
  return renderers;
};

it('returns the same bytes in the next process without rendering again', async () => {
  const cache = new Entries();
  const first = await startOver(cache).render(request(circle), noAbort);
  const again = await startOver(cache).render(request(circle), noAbort);
  expect(cache.hits).toBe(1);
  expect(withoutTime(again)).toEqual(withoutTime(first));
  expect(first.status).toBe('ok');
});

it('keeps failures of the code by code and size', async () => {
  const cache = new Entries();
  const first = await startOver(cache).render(request('not an SVG'), noAbort);
  const again = await startOver(cache).render(request('not an SVG'), noAbort);
  expect([cache.hits, again]).toMatchObject([1, { status: 'failed', kind: 'syntax' }]);
  expect(withoutTime(again)).toEqual(withoutTime(first));
  await startOver(cache).render(request('not an SVG', 41), noAbort);
  expect([cache.hits, cache.kept.size]).toEqual([1, 2]);
});

it('keeps an image of one color', async () => {
  const cache = new Entries();
  const blue = request(
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><path d="M0 0h4v3H0z" fill="blue"/></svg>',
  );
  const first = await startOver(cache).render(blue, noAbort);
  const again = await startOver(cache).render(blue, noAbort);
  expect(cache.hits).toBe(1);
  expect(withoutTime(again)).toEqual(withoutTime(first));
  expect(again).toMatchObject({ status: 'ok', width: 4, height: 3, log: 'The image is one single color.' });
  const [red, green, level] = await sharp((again as { image: Uint8Array }).image)
    .raw()
    .toBuffer();
  expect([red, green, level]).toEqual([0, 0, 255]);
});

it('keeps no timeouts, and renders again what it cannot read', async () => {
  const cache = new Entries();
  const bomb = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${circle}</svg>`;
  const late = await startOver(cache, { deadlineMs: 0 }).render(request(bomb), noAbort);
  expect(late).toMatchObject({ status: 'failed', kind: 'timeout' });
  expect(cache.kept.size).toBe(0);
  const rendered = await startOver(cache).render(request(circle), noAbort);
  for (const key of cache.kept.keys()) cache.kept.set(key, new Uint8Array([0, 0]));
  expect(withoutTime(await startOver(cache).render(request(circle), noAbort))).toEqual(withoutTime(rendered));
});

it('renders again with another browser', async () => {
  const cache = new Entries();
  await startOver(cache, { chromium: null }).render(request(circle), noAbort);
  await startOver(cache, { chromium: process.execPath }).render(request(circle), noAbort);
  expect([cache.hits, cache.kept.size]).toEqual([0, 2]);
});
