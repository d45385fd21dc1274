import { EventEmitter } from 'node:events';
import { jobLinks, type Job, type JobEvent } from '@pentimento/contracts';
import type { Response } from 'express';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProblemException } from '../http/problem.exception.ts';
import { commentIntervalMs } from '../jobs/event-stream.ts';
import type { ChatRunner } from './chat-runner.ts';
import { streamChat } from './chat-stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const job = {
  id: 'job_1',
  model: 'a/b',
  language: 'svg',
  createdAt: '2026-01-01T00:00:00.000Z',
  best: null,
  scores: [],
  spent: { inputTokens: 3, outputTokens: 4 },
  links: jobLinks('job_1'),
} as unknown as Job;

/** A stream of a job that `follow` ends; the texts that it writes are collected. */
function streaming(follow: (onEvent: (event: JobEvent) => void) => Promise<Job | null>, usage = true) {
  const written: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    writeHead: () => undefined,
    write: (text: string) => written.push(text) > 0,
    end: () => written.push('END'),
  });
  const runner = {
    follow: (_job: Job, _signal: AbortSignal, onEvent: (event: JobEvent) => void) => follow(onEvent),
    content: () => Promise.resolve('code'),
  };
  const done = streamChat({
    runner: runner as unknown as ChatRunner,
    request: { model: 'a/b', messages: [], stream_options: { include_usage: usage } } as never,
    job,
    origin: 'http://here',
    response: response as unknown as Response,
    signal: new AbortController().signal,
  });
  const chunks = () => written.filter((text) => text.startsWith('data: {')).map((text) => JSON.parse(text.slice(6)));
  return { done, written, chunks };
}

it('writes the job, its news, the code, the end and the usage', async () => {
  const { done, written, chunks } = streaming((onEvent) => {
    onEvent({ type: 'call.retried', data: { reason: 'Too many requests.' } } as JobEvent);
    onEvent({ type: 'candidate.stage', data: {} } as JobEvent);
    return Promise.resolve(job);
  });
  await done;
  expect(chunks().map(({ choices }) => choices[0]?.delta)).toEqual([
    { role: 'assistant', content: '' },
    { reasoning_content: 'Job job_1 writes svg with a/b: http://here/job?id=job_1\n' },
    { reasoning_content: 'The model is called again: Too many requests.\n' },
    { content: 'code' },
    {},
    undefined,
  ]);
  expect(chunks().at(-1).usage).toEqual({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
  expect(written.slice(-2)).toEqual(['data: [DONE]\n\n', 'END']);
});

it('leaves the usage out unless it is asked for', async () => {
  const { done, chunks } = streaming(() => Promise.resolve(job), false);
  await done;
  expect(chunks().some(({ usage }) => usage)).toBe(false);
});

it('writes comments while nothing happens, and none after the end', async () => {
  const { promise, resolve } = Promise.withResolvers<Job>();
  const { done, written } = streaming(() => promise);
  await vi.advanceTimersByTimeAsync(2 * commentIntervalMs);
  expect(written.filter((text) => text.startsWith(': '))).toHaveLength(2);
  resolve(job);
  await done;
  await vi.advanceTimersByTimeAsync(2 * commentIntervalMs);
  expect(written.at(-1)).toBe('END');
});

it('writes what goes wrong as an error, and no end of a reply', async () => {
  const { done, written, chunks } = streaming(() => Promise.reject(new ProblemException('busy', 'Later.')));
  await done;
  expect(chunks().at(-1)).toEqual({
    error: { message: 'Later.', type: 'rate_limit_error', param: null, code: 'busy' },
  });
  expect(written).not.toContain('data: [DONE]\n\n');
  expect(written.at(-1)).toBe('END');
});

it('leaves other errors to the log, and ends', async () => {
  const { done, written } = streaming(() => Promise.reject(new Error('A bug.')));
  await expect(done).rejects.toThrow('A bug.');
  expect(written.at(-1)).toBe('END');
});

it('writes nothing more to a client that has left', async () => {
  const { done, chunks } = streaming(() => Promise.resolve(null));
  await done;
  expect(chunks()).toHaveLength(2);
});
