import { tokensPerSecond, type PartialReply } from '@pentimento/contracts';

/** One line about the replies that are being written; null where there is none. */
export function replyProgressLine(replies: readonly PartialReply[]): string | null {
  if (replies.length === 0) return null;
  const iterations = [...new Set(replies.map(({ iteration }) => iteration))];
  const isThinking = replies.every(({ length }) => length === 0);
  const rate = sum(replies.map((reply) => tokensPerSecond(reply) ?? 0));
  const parts = [
    `${replies.some(({ tokensEstimated }) => tokensEstimated) ? 'about ' : ''}${sum(replies.map(({ outputTokens }) => outputTokens))} tokens so far`,
    rate > 0 ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second` : '',
    replies.length > 1 ? `${replies.length} replies` : '',
    isThinking ? 'thinking' : '',
  ];
  return `  iteration ${iterations.join(' and ')}: ${parts.filter(Boolean).join(', ')}`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
