import { describe, expect, it } from 'vitest';
import {
  applyPartialReplyUpdates,
  partialReplyLimits,
  partialReplyUpdates,
  tokensPerSecond,
  type PartialReply,
} from './partial-reply.ts';

const reply = (whole: string, change: Partial<PartialReply> = {}): PartialReply => ({
  iteration: 0,
  candidate: 0,
  attempt: 1,
  text: whole.slice(-partialReplyLimits.text),
  length: whole.length,
  reasoning: '',
  reasoningLength: 0,
  outputTokens: 1,
  tokensEstimated: true,
  ms: 0,
  ...change,
});

describe('the updates of partial replies', () => {
  it('carry only what is new of a text that continues', () => {
    const [update] = partialReplyUpdates([reply('<svg>')], [reply('<svg><g/>')]);
    expect(update).toMatchObject({ text: '<g/>', continues: true, length: 9 });
  });

  it.each<[string, PartialReply[], PartialReply]>([
    ['of a reader who knows nothing', [], reply('<svg>')],
    ['of another candidate', [reply('<svg>', { candidate: 1 })], reply('<svg>')],
    ['of a call that is tried again', [reply('<svg><g/>', { attempt: 1 })], reply('<s', { attempt: 2 })],
    ['of another worker with the same attempt', [reply('<svg><g/>')], reply('<html><body>')],
    ['that has grown by more than is kept', [reply('a')], reply('b'.repeat(partialReplyLimits.text + 2))],
  ])('carry the whole text %s', (_, known, current) => {
    expect(partialReplyUpdates(known, [current])).toMatchObject([{ text: current.text, continues: false }]);
  });

  it('lead a reader through a text that outgrows what is kept, and drop what has ended', () => {
    const whole = Array.from({ length: 30_000 }, (_, line) => `<path d="M${line}"/>`).join('\n');
    let [sent, known]: [PartialReply[], PartialReply[]] = [[], []];
    for (let length = 0; length < whole.length; length += 40_000) {
      const current = [reply(whole.slice(0, length)), reply('', { candidate: 1 })];
      const updates = partialReplyUpdates(sent, current);
      if (length > 0) expect(updates[0]).toMatchObject({ continues: true });
      [sent, known] = [current, applyPartialReplyUpdates(known, updates)];
      expect(whole.slice(0, length).endsWith(known[0]!.text)).toBe(true);
      expect(known[0]!.text.length).toBeGreaterThanOrEqual(Math.min(length, partialReplyLimits.text));
      expect(known[0]!.text.length).toBeLessThanOrEqual(2 * partialReplyLimits.text);
    }
    expect(applyPartialReplyUpdates(known, partialReplyUpdates(sent, []))).toEqual([]);
  });
});

it('tells the speed once there has been some time', () => {
  expect(tokensPerSecond({ outputTokens: 3, ms: 20 })).toBeNull();
  expect(tokensPerSecond({ outputTokens: 30, ms: 1500 })).toBe(20);
});
