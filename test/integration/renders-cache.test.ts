import type { ByteCache, RenderRequest, RenderResult } from '@pentimento/contracts';
import { createRenderers, type RenderersOptions } from '@pentimento/render';
import { afterEach, expect, it } from 'vitest';

const never = new AbortController().signal;
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

/** Without the time, which is each process's own. */
const lasting = (result: RenderResult) => ({
  ...result,
  ms: 0,
  ...(result.status === 'ok' && { image: Buffer.from(result.image).toString('base64') }),
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const renderers of open.splice(0)) await renderers.close();
});
const startOver = (cache: ByteCache, options: RenderersOptions = {}) => {
  const renderers = createRenderers({ slots: 1, cache, ...options });
  open.push(renderers);
  return renderers;
};

it('gives the next process the same bytes without drawing them again', async () => {
  const cache = new Entries();
  const first = await startOver(cache).render(request(circle), never);
  const again = await startOver(cache).render(request(circle), never);
  expect(cache.hits).toBe(1);
  expect(lasting(again)).toEqual(lasting(first));
  expect(first.status).toBe('ok');
});

it('keeps what is wrong with the code, by size and code', async () => {
  const cache = new Entries();
  const first = await startOver(cache).render(request('no drawing'), never);
  const again = await startOver(cache).render(request('no drawing'), never);
  expect([cache.hits, again]).toMatchObject([1, { status: 'failed', kind: 'syntax' }]);
  expect(lasting(again)).toEqual(lasting(first));
  await startOver(cache).render(request('no drawing', 41), never);
  expect([cache.hits, cache.kept.size]).toEqual([1, 2]);
});

it('keeps nothing that another moment may change, and draws again what it cannot read', async () => {
  const cache = new Entries();
  const bomb = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${circle}</svg>`;
  const late = await startOver(cache, { deadlineMs: 0 }).render(request(bomb), never);
  expect(late).toMatchObject({ status: 'failed', kind: 'timeout' });
  expect(cache.kept.size).toBe(0);
  const drawn = await startOver(cache).render(request(circle), never);
  for (const key of cache.kept.keys()) cache.kept.set(key, new Uint8Array([0, 0]));
  expect(lasting(await startOver(cache).render(request(circle), never))).toEqual(lasting(drawn));
});

it('draws again where another browser stands', async () => {
  const cache = new Entries();
  await startOver(cache, { chromium: null }).render(request(circle), never);
  await startOver(cache, { chromium: process.execPath }).render(request(circle), never);
  expect([cache.hits, cache.kept.size]).toEqual([0, 2]);
});
