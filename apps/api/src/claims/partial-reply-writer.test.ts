import { partialReplyLimits, type PartialReply, type ReplyPosition, type WriteResult } from '@pentimento/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPartialReplyWriter, writeIntervalMs } from './partial-reply-writer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const claim = { jobId: 'job_1', token: 1, worker: 'w' };
const first = { iteration: 0, candidate: 0 };
const second = { iteration: 0, candidate: 1 };
const progress = (text: string) => ({
  ...{ attempt: 1, text, reasoning: '', outputTokens: 1, tokensEstimated: true, ms: 0 },
});

/** A writer whose store answers in turn, with the last answer from then on. */
function writing(...answers: (WriteResult | Error | Promise<WriteResult>)[]) {
  const writes: [texts: string[], ended: readonly ReplyPosition[]][] = [];
  const replies: PartialReply[] = [];
  const errors: Error[] = [];
  const store = {
    write: async (_: unknown, shown: readonly PartialReply[], ended: readonly ReplyPosition[]) => {
      writes.push([shown.map(({ text }) => text), ended]);
      replies.push(...shown);
      const answer = answers[Math.min(writes.length, answers.length) - 1] ?? 'written';
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const writer = createPartialReplyWriter(store, claim, (error) => errors.push(error));
  return { writer, writes, replies, errors };
}

describe('the writer of partial replies', () => {
  it('writes all that changed together, at most twice a second', async () => {
    const { writer, writes } = writing();
    for (const text of ['a', 'ab', 'abc']) {
      writer.show(first, progress(text));
      writer.show(second, progress(text.toUpperCase()));
    }
    expect(writes).toEqual([]);
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    expect(writes).toEqual([[['abc', 'ABC'], []]]);
    writer.show(first, progress('abcd'));
    await vi.advanceTimersByTimeAsync(writeIntervalMs - 1);
    expect(writes).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5 * writeIntervalMs);
    expect(writes.slice(1)).toEqual([[['abcd'], []]]);
  });

  it('takes a reply away as soon as its call has ended', async () => {
    const { writer, writes } = writing();
    writer.show(first, progress('a'));
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    writer.show(first, progress('ab'));
    writer.end(first);
    await vi.advanceTimersByTimeAsync(1);
    expect(writes.slice(1)).toEqual([[[], [first]]]);
  });

  it('writes nothing for a call that ends at once', async () => {
    const { writer, writes } = writing();
    writer.show(first, progress('a'));
    writer.end(first);
    await vi.advanceTimersByTimeAsync(10 * writeIntervalMs);
    expect(writes).toEqual([]);
  });

  it('takes a reply away only after the write that is under way', async () => {
    const slow = Promise.withResolvers<WriteResult>();
    const { writer, writes } = writing(slow.promise, 'written');
    writer.show(first, progress('a'));
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    writer.end(first);
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    expect(writes).toHaveLength(1);
    slow.resolve('written');
    await vi.advanceTimersByTimeAsync(1);
    expect(writes.slice(1)).toEqual([[[], [first]]]);
  });

  it('reports a failed write, and takes away later what it could not', async () => {
    const { writer, writes, errors } = writing('written', new Error('no answer'), 'written');
    writer.show(first, progress('a'));
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    writer.end(first);
    await vi.advanceTimersByTimeAsync(1);
    expect(errors).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    expect(writes.at(-1)).toEqual([[], [first]]);
    await vi.advanceTimersByTimeAsync(5 * writeIntervalMs);
    expect(writes).toHaveLength(3);
  });

  it.each([
    ['the claim is lost', 'lost'],
    ['it is stopped', 'written'],
  ] as const)('writes nothing more once %s', async (_, answer) => {
    const { writer, writes } = writing(answer);
    writer.show(first, progress('a'));
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    if (answer === 'written') writer.stop();
    writer.show(first, progress('ab'));
    writer.end(first);
    await vi.advanceTimersByTimeAsync(5 * writeIntervalMs);
    expect(writes).toHaveLength(1);
  });

  it('keeps the end of a long text, in characters that PostgreSQL stores', async () => {
    const { writer, replies } = writing();
    const text = `${'x'.repeat(2 * partialReplyLimits.text)}\0\ud800`;
    writer.show(first, { ...progress(text), reasoning: 'y'.repeat(5000) });
    await vi.advanceTimersByTimeAsync(writeIntervalMs);
    expect(replies[0]).toMatchObject({ length: text.length, reasoningLength: 5000 });
    expect(replies[0]!.text).toBe(`${'x'.repeat(partialReplyLimits.text - 2)}\ufffd\ufffd`);
    expect(replies[0]!.reasoning).toHaveLength(partialReplyLimits.reasoning);
  });
});
