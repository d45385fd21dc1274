import { DeadlineExceeded } from '@pentimento/abort';
import { afterEach, describe, expect, it } from 'vitest';
import { orOutage, RendererOutageError } from '../port/outage.ts';
import type { Renderer } from '../port/renderer.ts';
import { createRenderService, type RenderService } from './render-service.ts';

let service: RenderService;
afterEach(() => service.close());

const noAbort = new AbortController().signal;
const request = { language: 'toy', code: 'x', size: { width: 4, height: 4 }, trusted: false };

/** A service with one language, whose renders end so, and the errors that it reported. */
function serviceOf(render: Renderer['render']) {
  const unexpected: unknown[] = [];
  const renderer: Renderer = { status: async () => ({ available: true, renderer: 'toy 1', reason: null }), render };
  service = createRenderService({
    concurrency: 1,
    bubblewrap: null,
    allowUnsandboxed: true,
    languages: [{ id: 'toy', loadRenderer: async () => ({ createRenderer: () => renderer }) }],
    onUnexpectedError: (error) => unexpected.push(error),
  });
  return unexpected;
}

const failWith = (error: unknown) => () => Promise.reject(error);

describe('a render that throws', () => {
  it.each([
    ['a range error', new RangeError('Invalid string length')],
    ['a type error', new TypeError('x is undefined')],
    ['an error of a URI', new URIError('URI malformed')],
    ['no error at all', 'nothing'],
  ])('is a failure of its code, and reported, for %s', async (_, error) => {
    const unexpected = serviceOf(failWith(error));
    const result = await service.render(request, noAbort);
    expect(result).toMatchObject({ status: 'failed', kind: 'runtime', message: expect.stringContaining('simpler') });
    expect(unexpected).toEqual([error]);
  });

  it('is a failure of its code where it throws before it waits', async () => {
    serviceOf(() => {
      throw new Error('too deep');
    });
    expect(await service.render(request, noAbort)).toMatchObject({ status: 'failed', kind: 'runtime' });
  });

  it('is a timeout after its deadline, with the log until then', async () => {
    const unexpected = serviceOf(failWith(new DeadlineExceeded({ log: 'line 1' })));
    const result = await service.render(request, noAbort);
    expect(result).toMatchObject({ kind: 'timeout', message: expect.stringContaining('line 1') });
    expect(unexpected).toEqual([]);
  });

  it('is an outage where its process does not start', async () => {
    const cause = new Error('The toy did not start.');
    const unexpected = serviceOf(() => orOutage(Promise.reject(cause)));
    await expect(service.render(request, noAbort)).rejects.toThrow(new RendererOutageError(cause.message));
    expect(unexpected).toEqual([]);
  });

  it("passes the signal's reason on untouched, whatever else it throws", async () => {
    const caller = new AbortController();
    const reason = new Error('canceled');
    const unexpected = serviceOf(async () => {
      caller.abort(reason);
      throw new TypeError('gone');
    });
    await expect(service.render(request, caller.signal)).rejects.toBe(reason);
    expect(unexpected).toEqual([]);
  });
});
