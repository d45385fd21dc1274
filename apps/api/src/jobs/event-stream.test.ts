import { EventEmitter } from 'node:events';
import type { Job, JobEvent, PartialReply } from '@pentimento/contracts';
import type { Response } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commentIntervalMs, streamEvents } from './event-stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const event = (seq: number, type: JobEvent['type']) =>
  ({ seq, jobId: 'job_1', type, data: {}, at: '2026-01-01T00:00:00.000Z' }) as JobEvent;

/** A stream of these batches, then silence until it is ended; the job has this status whenever it is asked for. */
function streaming(
  batches: JobEvent[][],
  status: Job['status'] = 'running',
  partialReplies: PartialReply[][] | Error = [],
) {
  const written: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    writeHead: () => undefined,
    write: (text: string) => written.push(text) > 0,
    end: () => written.push('END'),
  });
  const drain = new AbortController();
  const done = streamEvents({
    store: {
      getJob: async () => ({ status }) as Job,
      async *tailEvents(_job, _after, signal) {
        yield* batches;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      partialReplies: {
        write: () => Promise.reject(new Error('Only workers write.')),
        list: () => Promise.reject(new Error('The tail is read.')),
        async *tail(_job, signal) {
          if (partialReplies instanceof Error) throw partialReplies;
          yield* partialReplies;
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      },
    },
    jobId: 'job_1',
    after: 0,
    withPartialReplies: partialReplies instanceof Error || partialReplies.length > 0,
    response: response as unknown as Response,
    draining: drain.signal,
  });
  return { done, response, drain, text: () => written.join('') };
}

describe('streamEvents', () => {
  it('sends done after the last event of an ended job, and ends', async () => {
    const { done, text } = streaming([[event(1, 'job.queued')], [event(2, 'job.finished')]], 'succeeded');
    await done;
    expect(text()).toMatch(
      /id: 1\nevent: job\.queued\ndata: \{.*\}\n\nid: 2\nevent: job\.finished\n[^\n]*\n\nevent: done\n/,
    );
    expect(text().endsWith('END')).toBe(true);
  });

  it('continues past the job.finished of a job that was retried', async () => {
    const { done, drain, text } = streaming([[event(2, 'job.finished')], [event(3, 'job.queued')]], 'queued');
    await vi.advanceTimersByTimeAsync(0);
    expect(text()).toContain('id: 3');
    drain.abort();
    await done;
    expect(text()).not.toContain('event: done');
  });

  it('sends partial replies without an id, and of a text that grows what is new', async () => {
    const reply = (text: string) => ({ ...{ iteration: 0, candidate: 0 }, text, length: text.length }) as PartialReply;
    const { done, drain, text } = streaming([[event(1, 'job.queued')]], 'running', [[reply('a')], [reply('ab')], []]);
    await vi.advanceTimersByTimeAsync(0);
    const frames = text()
      .split('\n\n')
      .filter((frame) => frame.startsWith('event: partial-replies\n'));
    const sent = frames.map((frame) => JSON.parse(frame.slice(frame.indexOf('{'))) as object);
    const at = { iteration: 0, candidate: 0 };
    expect(sent).toEqual([
      { replies: [{ ...at, text: 'a', length: 1, continues: false }] },
      { replies: [{ ...at, text: 'b', length: 2, continues: true }] },
      { replies: [] },
    ]);
    expect(text().match(/^id:/gm)).toHaveLength(1);
    drain.abort();
    await done;
  });

  it('ends with the job while replies are being written', async () => {
    const { done, text } = streaming([[event(1, 'job.finished')]], 'canceled', [[]]);
    await done;
    expect(text().endsWith('event: done\ndata: {}\n\nEND')).toBe(true);
  });

  it('ends where partial replies cannot be read', async () => {
    const { done, text } = streaming([], 'running', new Error('a bug'));
    await expect(done).rejects.toThrow('a bug');
    expect(text().endsWith('END')).toBe(true);
  });

  it('sends comments while nothing happens', async () => {
    const { done, drain, text } = streaming([]);
    await vi.advanceTimersByTimeAsync(2 * commentIntervalMs);
    expect(text().match(/^: /gm)).toHaveLength(2);
    drain.abort();
    await done;
  });

  it('ends when the client disconnects', async () => {
    const { done, response, text } = streaming([[event(1, 'job.queued')]]);
    await vi.advanceTimersByTimeAsync(0);
    response.emit('close');
    await done;
    expect(text().endsWith('END')).toBe(true);
  });
});
