import { describe, expect, it } from 'vitest';
import type { NewEvent, PartialReply } from '@pentimento/contracts';
import { Client } from './client.ts';
import type { TailOptions } from './events.ts';
import { fakeFetch, json, openStream, stream } from './testing.ts';

const jobId = 'job_01920000-0000-7000-8000-000000000001';
const events: NewEvent[] = [
  { type: 'job.queued', data: { reason: 'created' } },
  { type: 'job.started', data: { worker: 'w', fromIteration: 0 } },
  { type: 'job.canceling', data: {} },
];
const [first, second, last] = events.map((event, index) => {
  const whole = { ...event, seq: index + 1, jobId, at: '2026-01-02T03:04:05.000Z' };
  return `id: ${whole.seq}\nevent: ${whole.type}\ndata: ${JSON.stringify(whole)}\n\n`;
}) as [string, string, string];
const done = 'event: done\ndata: {}\n\n';
const cut = new TypeError('terminated');
const problem = (status: number) =>
  json({ type: 'x', title: 'x', status, code: 'x', detail: 'There is no such job: check the id.' }, status);

/** Follows a job whose stream answers the n-th connection with the n-th reply, and the last one from then on. */
function tail(replies: Parameters<typeof fakeFetch>, options: TailOptions = {}) {
  const { fetch, requests } = fakeFetch(...replies);
  const seen: number[] = [];
  const work = (async () => {
    const client = new Client({ url: 'http://server.test', fetch });
    for await (const event of client.tailEvents(jobId, { retryMs: 1, ...options })) seen.push(event.seq);
  })();
  return { work, seen, resumed: () => requests.map(({ headers }) => headers.get('last-event-id')) };
}

describe('tailEvents', () => {
  it('yields the events of a job from the first to the end', async () => {
    const { work, seen, resumed } = tail([stream(['retry: 5\n\n: hello\n\n', first, second + last, done])]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed()).toEqual(['0']);
  });

  it('starts after a given event', async () => {
    const { work, seen, resumed } = tail([stream([last, done])], { after: 2 });
    await work;
    expect(seen).toEqual([3]);
    expect(resumed()).toEqual(['2']);
  });

  it('goes on after the last event when the connection is cut within another', async () => {
    const { work, seen, resumed } = tail([
      stream([first, second.slice(0, 30)], cut),
      stream([first, second, last, done]),
    ]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed()).toEqual(['0', '1']);
  });

  it('connects again when a server that shuts down ends the stream before the job', async () => {
    const { work, seen, resumed } = tail([stream([first]), stream([second, last, done])]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed()).toEqual(['0', '1']);
  });

  it('reads again from the last event where one is missing', async () => {
    const { work, seen, resumed } = tail([stream([first, last]), stream([second, last, done])]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed()).toEqual(['0', '1']);
  });

  it('ends where the server has nothing to add', async () => {
    const { work, seen } = tail([stream([first], cut), () => new Response(null, { status: 204 })]);
    await work;
    expect(seen).toEqual([1]);
  });

  it('leaves a connection that is silent', async () => {
    const { work, seen } = tail([openStream(first), stream([second, last, done])], { silenceMs: 50 });
    await work;
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives partial replies as they grow, from scratch after a reconnect, and asks for them only where wanted', async () => {
    const figures = { attempt: 1, reasoning: '', reasoningLength: 0, outputTokens: 1, tokensEstimated: true, ms: 0 };
    const partial = (text: string, continues: boolean, length: number) => {
      const reply = { iteration: 0, candidate: 0, ...figures, text, length, continues };
      return `event: partial-replies\ndata: ${JSON.stringify({ replies: text ? [reply] : [] })}\n\n`;
    };
    const { fetch, requests } = fakeFetch(
      stream([first, partial('<svg>', false, 5), partial('<g/>', true, 9)], cut),
      stream([partial('<svg><g/><g', false, 11), second, partial('', false, 0), last, done]),
    );
    const client = new Client({ url: 'http://server.test', fetch });
    const [texts, seen]: [string[][], number[]] = [[], []];
    const onPartialReplies = (replies: readonly PartialReply[]) => texts.push(replies.map(({ text }) => text));
    for await (const event of client.tailEvents(jobId, { retryMs: 1, onPartialReplies })) seen.push(event.seq);
    expect(texts).toEqual([['<svg>'], ['<svg><g/>'], ['<svg><g/><g'], []]);
    expect(seen).toEqual([1, 2, 3]);
    expect(requests.map(({ url, headers }) => [new URL(url).search, headers.get('last-event-id')])).toEqual([
      ['?partialReplies=true', '0'],
      ['?partialReplies=true', '1'],
    ]);
    const plain = fakeFetch(stream([done]));
    await new Client({ url: 'http://server.test', fetch: plain.fetch }).tailEvents(jobId).next();
    expect(new URL(plain.requests[0]!.url).search).toBe('');
  });

  it('does not take a slow reader of its events for a silent server', async () => {
    const { fetch, requests } = fakeFetch(stream([first, second, last, done]));
    const client = new Client({ url: 'http://server.test', fetch });
    for await (const event of client.tailEvents(jobId, { silenceMs: 20 })) {
      if (event.seq < 3) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(requests).toHaveLength(1);
  });

  it('says when it is connected and when it connects again', async () => {
    const steps: (string | number)[] = [];
    const { work } = tail([stream([first], cut), stream([second, last, done])], {
      onOpen: () => steps.push('open'),
      onRetry: (waitMs) => steps.push(waitMs),
    });
    await work;
    expect(steps).toEqual(['open', 1, 'open']);
  });

  it('waits as long as the server asks', async () => {
    const waits: number[] = [];
    const { work } = tail([stream(['retry: 7\n\n', first]), stream([second, last, done])], {
      onRetry: (waitMs) => waits.push(waitMs),
    });
    await work;
    expect(waits).toEqual([7]);
  });

  it('gives up on a server that stays away', async () => {
    const waits: number[] = [];
    const { work } = tail([() => Promise.reject(cut)], { attempts: 3, onRetry: (waitMs) => waits.push(waitMs) });
    await expect(work).rejects.toThrow('http://server.test cannot be reached');
    expect(waits).toEqual([1, 1, 2]);
  });

  it('tries again where the server is out of order, and not where there is no such job', async () => {
    const ailing = tail([problem(503), stream([first, second, last, done])]);
    await ailing.work;
    expect(ailing.seen).toEqual([1, 2, 3]);
    const missing = tail([problem(404)]);
    await expect(missing.work).rejects.toThrow('There is no such job');
    expect(missing.resumed()).toHaveLength(1);
  });

  it('stops with its signal in the middle of a stream', async () => {
    const leave = new AbortController();
    const { work, seen } = tail([openStream(first)], { signal: leave.signal });
    setTimeout(() => leave.abort(new Error('left')), 20);
    await expect(work).rejects.toThrow('left');
    expect(seen).toEqual([1]);
  });

  it('stops with its signal while it waits', async () => {
    const leave = new AbortController();
    const { work } = tail([() => Promise.reject(cut)], {
      retryMs: 60_000,
      signal: leave.signal,
      onRetry: () => setTimeout(() => leave.abort(new Error('left')), 5),
    });
    await expect(work).rejects.toThrow('left');
  });

  it('refuses an event of another version in one sentence', async () => {
    const { work } = tail([stream(['id: 1\ndata: {"type":"job.exploded"}\n\n'])]);
    await expect(work).rejects.toThrow('use a server and a client of the same version');
  });
});
