import { z } from 'zod';

/** How much of a reply that is being written is kept and shown: its end, characters. */
export const partialReplyLimits = { text: 64 * 1024, reasoning: 2000 } as const;

const count = z.number().int().min(0);

/** A reply that a model is writing. It is not part of the trajectory: nothing is decided by it, and it is gone once the call has ended. */
export const partialReplySchema = z
  .strictObject({
    iteration: count,
    candidate: count,
    attempt: z.number().int().min(1).describe('Of the call. A call that is tried again starts its text from scratch.'),
    text: z.string().describe(`The end of the reply so far, up to ${partialReplyLimits.text} characters.`),
    length: count.describe('Characters of the reply so far.'),
    reasoning: z
      .string()
      .describe(
        `The end of what the model thinks before it answers, up to ${partialReplyLimits.reasoning} characters.`,
      ),
    reasoningLength: count.describe('Characters of the reasoning so far.'),
    outputTokens: count.describe('Tokens of both so far.'),
    tokensEstimated: z.boolean().describe('Whether some of the tokens are estimated, one for four characters.'),
    ms: z.number().min(0).describe('Milliseconds since the first text.'),
  })
  .meta({ id: 'PartialReply' });
export type PartialReply = z.infer<typeof partialReplySchema>;

/** A partial reply for a reader who knows an earlier state of it. */
export const partialReplyUpdateSchema = partialReplySchema
  .omit({ text: true })
  .extend({
    text: z.string().describe('What follows the text that the connection has sent before, or the text from scratch.'),
    continues: z.boolean().describe('Whether `text` follows what the connection has sent before.'),
  })
  .meta({ id: 'PartialReplyUpdate' });
export type PartialReplyUpdate = z.infer<typeof partialReplyUpdateSchema>;

/** The name of the server-sent event that has all replies that are being written. It has no id. */
export const partialRepliesEvent = 'partial-replies';

export const partialRepliesSchema = z
  .strictObject({
    replies: z.array(partialReplyUpdateSchema).describe('All that are being written: one that is not here has ended.'),
  })
  .meta({ id: 'PartialReplies' });

/** Where a reply belongs in its job. */
export type ReplyPosition = Pick<PartialReply, 'iteration' | 'candidate'>;

/** A reply that a model client is receiving. */
export interface ReplyProgress extends Pick<PartialReply, 'attempt' | 'outputTokens' | 'tokensEstimated' | 'ms'> {
  text: string;
  reasoning: string;
}

/** What a reader with `known` needs to have `current`. A text continues where what is known of it is still its beginning. */
export function partialReplyUpdates(
  known: readonly PartialReply[],
  current: readonly PartialReply[],
): PartialReplyUpdate[] {
  return current.map((reply) => {
    const before = known.find(isAt(reply));
    const added = before && addedText(before, reply);
    return { ...reply, text: added ?? reply.text, continues: added !== undefined };
  });
}

/** Undefined where the text does not continue. */
function addedText(before: PartialReply, after: PartialReply): string | undefined {
  const added = after.length - before.length;
  const shared = after.text.length - added;
  if (added < 0 || shared < 0 || (shared === 0 && before.length > 0)) return undefined;
  return before.text.endsWith(after.text.slice(0, shared)) ? after.text.slice(shared) : undefined;
}

/** The replies after an update. Their texts are cut to the limit only once they are twice as long, so that their beginnings seldom move. */
export function applyPartialReplyUpdates(
  known: readonly PartialReply[],
  updates: readonly PartialReplyUpdate[],
): PartialReply[] {
  return updates.map(({ continues, ...update }) => {
    const before = continues ? (known.find(isAt(update))?.text ?? '') : '';
    const text = before + update.text;
    return { ...update, text: text.length > 2 * partialReplyLimits.text ? text.slice(-partialReplyLimits.text) : text };
  });
}

const isAt =
  ({ iteration, candidate }: ReplyPosition) =>
  (other: ReplyPosition): boolean =>
    other.iteration === iteration && other.candidate === candidate;

/** Shorter than this, a time says little of a speed. */
const minRateMs = 500;

/** Output tokens a second since the first text; null while it is too early to say. */
export const tokensPerSecond = ({ outputTokens, ms }: Pick<PartialReply, 'outputTokens' | 'ms'>): number | null =>
  ms < minRateMs ? null : (outputTokens * 1000) / ms;
