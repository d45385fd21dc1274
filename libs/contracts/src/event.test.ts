import { expect, it } from 'vitest';
import { parseEvent } from './event.ts';

const event = {
  seq: 3,
  jobId: 'job_01a206c3-d0eb-741a-a3cb-78f4f3adab1e',
  type: 'candidate.stage',
  data: { iteration: 0, candidate: 1, stage: 'render' },
  at: '2026-01-01T00:00:00.000Z',
};

it('parses an event by its type', () => {
  expect(parseEvent(event)).toEqual(event);
});

it.each([
  ['an unknown type', { type: 'candidate.danced' }],
  ['data of another type', { type: 'job.queued' }],
  ['an unknown field in its data', { data: { ...event.data, more: 1 } }],
  ['a sequence number below 1', { seq: 0 }],
])('refuses %s', (_, change) => {
  expect(() => parseEvent({ ...event, ...change })).toThrow();
});
