import { tokensPerSecond, type PartialReply } from '@pentimento/contracts';
import { formatCount } from '../../ui/format.ts';

/** A stretch of a reply: prose with the lines that open and close code, or what is between them. */
export interface ReplyStretch {
  kind: 'prose' | 'code';
  text: string;
}

const fence = /^ {0,3}(```|~~~)/;

/** The stretches of a reply so far. Where its beginning is left out, it is so long that it was within code. */
export function stretchesOf({ text, length }: Pick<PartialReply, 'text' | 'length'>): ReplyStretch[] {
  const stretches: ReplyStretch[] = [];
  let inCode = length > text.length;
  for (const line of text.split(/(?<=\n)/)) {
    const isFence = fence.test(line);
    const kind = inCode && !isFence ? 'code' : 'prose';
    const last = stretches.at(-1);
    if (last?.kind === kind) last.text += line;
    else stretches.push({ kind, text: line });
    if (isFence) inCode = !inCode;
  }
  return stretches;
}

const linesPerChunk = 40;

/** Code in chunks of lines. As the code grows, all but the last chunk stay as they are. */
export function chunksOf(code: string): string[] {
  const lines = code.split(/(?<=\n)/);
  const starts = Array.from({ length: Math.ceil(lines.length / linesPerChunk) }, (_, index) => index * linesPerChunk);
  return starts.map((start) => lines.slice(start, start + linesPerChunk).join(''));
}

/** "about 1,240 tokens, 31 a second"; "about" where some are estimated. */
export function progressWords(reply: Pick<PartialReply, 'outputTokens' | 'tokensEstimated' | 'ms'>): string {
  const rate = tokensPerSecond(reply);
  const count = `${reply.tokensEstimated ? 'about ' : ''}${tokenWords(reply.outputTokens)}`;
  return rate === null ? count : `${count}, ${formatRate(rate)} a second`;
}

/** Of all replies of an iteration together, in two short lines; null where none is being written. */
export function iterationWords(
  replies: readonly PartialReply[],
  iteration: number,
): { pace: string; count: string } | null {
  const own = replies.filter((reply) => reply.iteration === iteration);
  if (own.length === 0) return null;
  const rates = own.map(tokensPerSecond).filter((value) => value !== null);
  const rate = rates.reduce((sum, value) => sum + value, 0);
  return {
    pace: rates.length === 0 ? 'writing' : `${formatRate(rate)}/s`,
    count: `${own.some(({ tokensEstimated }) => tokensEstimated) ? '~' : ''}${tokenWords(tokensOf(own))}`,
  };
}

/** What a screen reader is told from time to time; empty where nothing is being written. */
export function announcement(replies: readonly PartialReply[]): string {
  const iterations = [...new Set(replies.map(({ iteration }) => iteration))];
  return iterations
    .map((iteration) => {
      const own = replies.filter((reply) => reply.iteration === iteration);
      return `Iteration ${iteration} is being written, ${tokenWords(tokensOf(own))} so far.`;
    })
    .join(' ');
}

/** "0" is the first candidate of its iteration. */
export const replyName = ({ iteration, candidate }: Pick<PartialReply, 'iteration' | 'candidate'>): string =>
  `Iteration ${iteration}, candidate ${candidate}`;

const tokensOf = (replies: readonly PartialReply[]): number =>
  replies.reduce((sum, { outputTokens }) => sum + outputTokens, 0);

const tokenWords = (count: number): string => `${formatCount(count)} ${count === 1 ? 'token' : 'tokens'}`;

const formatRate = (rate: number): string => (rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate)));
