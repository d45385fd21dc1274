import type { ByteCache, RenderRequest } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import type { RenderOutput } from '../port/renderer.ts';
import { RenderCache, type CacheableRender } from './render-cache.ts';

const version = () => Promise.resolve('toy 1');
const wanted = (code: string): CacheableRender => {
  const request: RenderRequest = { language: 'svg', code, size: { width: 9, height: 9 }, trusted: false };
  return { request, scripts: true, version };
};
const image = (bytes: number): RenderOutput => ({
  ...{ status: 'ok', image: new Uint8Array(bytes), width: 9, height: 9 },
  ...{ log: '', text: null, molecule: null, bitmapShare: null, renderer: 'toy 1' },
});
const failure = (kind: 'syntax' | 'timeout'): RenderOutput => ({
  ...{ status: 'failed', kind, message: 'x', renderer: 'toy 1' },
});

/** Renders each code with the cache; the codes that were really rendered. */
async function renderedBy(cache: RenderCache, codes: string[], output = image(1)): Promise<string[]> {
  const rendered: string[] = [];
  for (const code of codes) {
    await cache.getOrRender(wanted(code), () => {
      rendered.push(code);
      return Promise.resolve(output);
    });
  }
  return rendered;
}

function memoryCache(): ByteCache & { size: () => number } {
  const entries = new Map<string, Uint8Array>();
  return {
    get: (key: string) => Promise.resolve(entries.get(key)),
    set: (key: string, bytes: Uint8Array) => Promise.resolve(void entries.set(key, bytes)),
    size: () => entries.size,
  };
}

describe('outputs in memory', () => {
  it('know half of a surrogate pair from the replacement character', async () => {
    const codes = ['\ud800', '\ufffd', '\udc00'];
    const cache = new RenderCache(1_000_000, undefined, undefined);
    expect(await renderedBy(cache, [...codes, ...codes])).toEqual(codes);
  });

  it('are rendered once', async () => {
    expect(await renderedBy(new RenderCache(100_000, undefined, undefined), ['a', 'a', 'b', 'a'])).toEqual(['a', 'b']);
  });

  it('are dropped, the least recently used first, when they exceed the bound', async () => {
    const cache = new RenderCache(20_000, undefined, undefined);
    expect(await renderedBy(cache, ['a', 'b', 'a', 'c', 'a', 'b'], image(4000))).toEqual(['a', 'b', 'c', 'b']);
  });

  it('are not kept when the bound is 0', async () => {
    expect(await renderedBy(new RenderCache(0, undefined, undefined), ['a', 'a'])).toEqual(['a', 'a']);
  });

  it('are kept for failures of the code, and not for those that a busy machine may cause', async () => {
    const cache = new RenderCache(100_000, undefined, undefined);
    expect(await renderedBy(cache, ['a', 'a'], failure('syntax'))).toEqual(['a']);
    expect(await renderedBy(cache, ['b', 'b'], failure('timeout'))).toEqual(['b', 'b']);
  });
});

describe('outputs on disk', () => {
  it('outlive the cache that wrote them', async () => {
    const disk = memoryCache();
    expect(await renderedBy(new RenderCache(0, disk, undefined), ['a', 'a'])).toEqual(['a']);
    expect(await renderedBy(new RenderCache(100_000, disk, undefined), ['a'])).toEqual([]);
  });

  it('are neither read nor written while the renderer has no version', async () => {
    const disk = memoryCache();
    const cache = new RenderCache(0, disk, undefined);
    const unknown = { ...wanted('a'), version: () => Promise.resolve(undefined) };
    await cache.getOrRender(unknown, () => Promise.resolve(image(1)));
    expect(disk.size()).toBe(0);
  });
});
