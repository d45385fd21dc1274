import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidImageError } from '@pentimento/imaging';
import { createReward, RewardOutageError } from '@pentimento/reward';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRemoteReward } from './remote-reward.ts';

const noAbort = new AbortController().signal;
const local = createReward();
let target: Uint8Array;
let render: Uint8Array;
let version: Awaited<ReturnType<typeof local.version>>;

beforeAll(async () => {
  const flatImage = (background: string) =>
    sharp({ create: { width: 60, height: 40, channels: 3, background } })
      .png()
      .toBuffer();
  [target, render, version] = [await flatImage('#fff'), await flatImage('#c00'), await local.version()];
});
afterAll(() => local.close());

type RouteHandler = (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>;
let close: () => Promise<void> = async () => {};
afterEach(() => close());

/** A reward service that replies to scores with `answers` in turn, the last one from then on, and the waits of its client. */
async function remote(first: RouteHandler | { versions: RouteHandler }, ...others: RouteHandler[]) {
  const answers = typeof first === 'function' ? [first, ...others] : others;
  const versions = typeof first === 'function' ? replyVersion : first.versions;
  let asked = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.url === '/v1/rewards/versions') return versions(request, response, body);
    await answers[Math.min(asked++, answers.length - 1)]!(request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const waits: number[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const reward = createRemoteReward({ url, wait: async (ms) => void waits.push(ms) });
  close = async () => {
    await reward.close();
    server.closeAllConnections();
    server.close();
  };
  return { reward, waits, asked: () => asked };
}

const replyVersion: RouteHandler = (_request, response) => {
  const data = [{ ...version, encoder: { id: 'theirs', sha256: 'ff' }, id: 'v1' }];
  response.end(JSON.stringify({ data }));
};
const scoredBy =
  (rewardVersion: string): RouteHandler =>
  async (_request, response, body) => {
    const [item] = (JSON.parse(body) as { items: { reference: { data: string }; image: string; alignment: 0 | 1 }[] })
      .items;
    const input = {
      target: Buffer.from(item!.reference.data, 'base64'),
      render: Buffer.from(item!.image, 'base64'),
      alignment: item!.alignment,
    };
    const record = await local.score(input, noAbort);
    respond(response, { status: 'ok', score: record.terms.overall, record, components: record.terms }, rewardVersion);
  };
const scored = scoredBy('v1');
const nothing = { overall: null, visual: null, alignment: null, execution: null, worstTile: null, lowQuantile: null };
const none = {
  ...nothing,
  windows: null,
  size: null,
  aspect: null,
  color: null,
  text: null,
  shiftTolerant: null,
  strict: null,
};
const unscored =
  (status: string, message: string): RouteHandler =>
  (_request, response) =>
    respond(response, { status, score: null, record: null, components: none, error: { kind: null, message } });
const refused =
  (status: number, detail: string, headers = {}): RouteHandler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ type: 'x', title: 'x', code: 'x', status, detail }));
const cut: RouteHandler = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"rewardVersion":', () => response.destroy());
};
const lost: RouteHandler = (_request, response) => void response.destroy();

function respond(response: ServerResponse, result: object, rewardVersion = 'v1'): void {
  const whole = {
    id: '0',
    molecule: null,
    bitmapShare: null,
    error: null,
    empty: false,
    rewardVersion: null,
    cached: false,
    ms: 1,
    ...result,
  };
  response.end(JSON.stringify({ rewardVersion, results: [whole] }));
}

describe('a remote reward', () => {
  it('sends both images and the alignment, and returns the record unchanged', async () => {
    const { reward } = await remote(scored);
    const own = await local.score({ target, render, alignment: 0 }, noAbort);
    const record = await reward.score({ target, render, alignment: 0 }, noAbort);
    expect({ ...record, ms: 0 }).toEqual({ ...own, ms: 0 });
    expect(record.terms.alignment).toBe(0);
  });

  it('computes the terms of a missing render itself, under the version of the service', async () => {
    const { reward, asked } = await remote(scored);
    const record = await reward.score({ target, render: null, alignment: 1 }, noAbort);
    expect(record).toMatchObject({ encoder: { id: 'theirs' }, terms: { overall: 0.1, execution: 0 } });
    expect(asked()).toBe(0);
  });

  it('retries where the service is busy, lost or failing, after the time that Retry-After asks for', async () => {
    const busy = refused(429, 'Too many wait.', { 'retry-after': '7' });
    const { reward, waits } = await remote(
      busy,
      lost,
      refused(503, 'No encoder.'),
      cut,
      unscored('unavailable', 'Busy.'),
      scored,
    );
    expect((await reward.score({ target, render, alignment: 1 }, noAbort)).terms.alignment).toBe(1);
    expect(waits).toEqual([7000, 500, 1000, 2000, 4000]);
  });

  it.each([
    ['busy', refused(429, 'Too many wait.')],
    ['lost', lost],
    ['too slow', unscored('deadline', 'The deadline passed.')],
  ])('is an outage where the service stays %s, and never a score', async (_how, answer) => {
    const { reward, asked } = await remote(answer);
    await expect(reward.score({ target, render, alignment: 1 }, noAbort)).rejects.toThrow(RewardOutageError);
    expect(asked()).toBe(10);
  });

  it.each([
    ['scores by another version now', refused(409, 'This server scores by "v2".'), /restart/],
    ['refuses', refused(403, 'Not from there.'), /Not from there/],
    ['knows no rewards', refused(404, 'There is nothing there.'), /REWARD_URL/],
    ['answers by a version not asked for', scoredBy('v2'), /does not answer as/],
    ['is something else', (_request: unknown, response: ServerResponse) => void response.end('<html>'), /REWARD_URL/],
  ])('is an outage at once where the service %s', async (_how, answer, expected) => {
    const { reward, asked } = await remote(answer as RouteHandler);
    await expect(reward.score({ target, render, alignment: 1 }, noAbort)).rejects.toThrow(expected);
    expect(asked()).toBe(1);
  });

  it('rejects invalid images like the local reward', async () => {
    const { reward, asked } = await remote(unscored('invalid', 'The render is no image.'));
    await expect(reward.score({ target, render, alignment: 1 }, noAbort)).rejects.toThrow(InvalidImageError);
    expect(asked()).toBe(1);
  });

  it('stops with its caller', async () => {
    const caller = new AbortController();
    const { reward } = await remote(() => caller.abort(new Error('left')));
    await expect(reward.score({ target, render, alignment: 1 }, caller.signal)).rejects.toThrow('left');
  });

  it('stops with its caller during the request for the version', async () => {
    const caller = new AbortController();
    const { reward } = await remote({ versions: () => caller.abort(new Error('left')) }, scored);
    await expect(reward.score({ target, render, alignment: 1 }, caller.signal)).rejects.toThrow('left');
  });

  it('notices that the service is gone after an earlier reply', async () => {
    let there = true;
    const { reward } = await remote(
      { versions: (...asked) => (there ? replyVersion(...asked) : void asked[1].destroy()) },
      scored,
    );
    expect(await reward.version()).toMatchObject({ encoder: { id: 'theirs' } });
    there = false;
    await expect(reward.version()).rejects.toThrow(RewardOutageError);
  });

  it('is an outage where no service answers', async () => {
    const reward = createRemoteReward({ url: 'http://127.0.0.1:1', wait: async () => {} });
    await expect(reward.version()).rejects.toThrow(/cannot be reached.*unset REWARD_URL/);
    await reward.close();
  });
});
