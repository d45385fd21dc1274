import { expect, it } from 'vitest';
import { isCancelable, isFinal, isRetryable, jobStatuses, statusAfter, stopReasons } from './status.ts';

it('is final in exactly the statuses that cannot be canceled', () => {
  expect(jobStatuses.filter(isFinal)).toEqual(['succeeded', 'failed', 'canceled']);
  expect(jobStatuses.filter(isCancelable)).toEqual(['queued', 'running', 'waiting', 'canceling']);
  expect(jobStatuses.filter((status) => isRetryable({ kind: 'refinement', status }))).toEqual(['failed', 'canceled']);
  expect(jobStatuses.filter((status) => isRetryable({ kind: 'environment', status }))).toEqual([]);
});

it('says how a job ended by why it stopped', () => {
  const ended = stopReasons.map((reason) => statusAfter(reason, 'best_effort'));
  expect(ended).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'canceled', 'failed']);
});

it.each(stopReasons)('has failed with nothing to show, though it stopped by %s', (reason) => {
  expect(statusAfter(reason, 'nothing_rendered')).toBe('failed');
});
