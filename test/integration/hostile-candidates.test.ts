import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { candidatePageSchema, iterationPageSchema } from '@pentimento/api-contracts';
import { type Candidate } from '@pentimento/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { hostileReplies, hostileSteps } from '../support/hostile-replies.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ PENTIMENTO_LEASE_MS: '30000' }, { script: { steps: hostileSteps } });
});
afterAll(() => api?.stop());

/** Processor time that the event loop's thread of the server has used, milliseconds. */
function eventLoopMs(): number {
  const { pid } = api.stack.server;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** The most processor time that the server's event loop used before it said that it lives, milliseconds, until `isDone`. */
async function longestAnswer(isDone: () => boolean): Promise<number> {
  let longest = 0;
  while (!isDone()) {
    const asked = eventLoopMs();
    expect((await fetch(api.at('/healthz'))).status).toBe(200);
    longest = Math.max(longest, eventLoopMs() - asked);
    await sleep(20);
  }
  return longest;
}

const becameOf = ({ parseStatus, render }: Candidate): string =>
  render === null ? parseStatus : render.status === 'failed' ? render.kind : 'ok';

/**
 * Many pieces of work, each of at most 50 ms (`test/contracts/readers.test.ts`), may be due before a request on a machine that is busy with
 * other work, which also makes each of them longer.
 */
const maxAnswerMs = 1000;

it.each(Object.keys(hostileReplies))(
  'a job of hostile replies in %s stores each with its failure once, and the good one wins',
  { timeout: 240_000 },
  async (language) => {
    const { hostile } = hostileReplies[language]!;
    const policy = { 'policy.candidates': String(hostile.length + 1), 'policy.maxIterations': '1' };
    const job = await api.submit({ language, model: `scripted/${language}`, ...policy });
    let done = false;
    const longest = longestAnswer(() => done);
    await api.ended(job).finally(() => (done = true));

    const ended = await api.getJob(job);
    const { data } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`));
    const candidates = data.toSorted((a, b) => a.index - b.index);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(candidates.map(({ index }) => index)).toEqual(Array.from({ length: hostile.length + 1 }, (_, at) => at));
    hostile.forEach(([, expected], index) => expect(becameOf(candidates[index]!), `reply ${index}`).toMatch(expected));
    const good = candidates.at(-1)!;
    expect(becameOf(good)).toBe('ok');
    const { data: iterations } = iterationPageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/iterations`));
    expect(iterations.map(({ accepted }) => accepted)).toEqual([[good.id]]);
    expect(api.stack.server.log.filter((line) => /broke off|queued again/.test(line))).toEqual([]);
    expect(await longest).toBeLessThan(maxAnswerMs);
  },
);
