import type { PartialReplyPort } from '@pentimento/agent';
import { partialReplyLimits, type PartialReply, type ReplyPosition, type ReplyProgress } from '@pentimento/contracts';
import type { Claim, PartialReplies } from '@pentimento/store';

/** Between two writes of a job. A call that takes less time is never shown. */
export const writeIntervalMs = 500;

export interface PartialReplyWriter extends PartialReplyPort {
  /** Drops what is not written yet. */
  stop(): void;
}

/**
 * Writes the replies of one claim at most twice a second, all of them in one statement, and one statement at a time: what comes
 * meanwhile waits for the next. The loop never waits for it. Ends with the claim; any other failure is reported, and the next
 * write tries again.
 */
export function createPartialReplyWriter(
  store: Pick<PartialReplies, 'write'>,
  claim: Claim,
  onError: (error: Error) => void,
): PartialReplyWriter {
  const changed = new Map<string, { at: ReplyPosition; progress: ReplyProgress }>();
  const ended = new Map<string, ReplyPosition>();
  const written = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isWriting = false;
  let isStopped = false;

  const schedule = (ms = writeIntervalMs) => {
    if (!isStopped && !isWriting) timer ??= setTimeout(() => void write(), ms);
  };
  const write = async () => {
    timer = undefined;
    if (changed.size + ended.size === 0) return;
    isWriting = true;
    const failed = new Map<string, ReplyPosition>();
    const replies = [...changed.values()].map(({ at, progress }) => partialReply(at, progress));
    const gone = new Map(ended);
    for (const key of changed.keys()) written.add(key);
    changed.clear();
    ended.clear();
    try {
      isStopped ||= (await store.write(claim, replies, [...gone.values()])) === 'lost';
    } catch (error) {
      onError(error as Error);
      for (const [key, at] of gone) if (!changed.has(key)) failed.set(key, at);
    }
    isWriting = false;
    if (ended.size > 0) schedule(0);
    for (const [key, at] of failed) ended.set(key, at);
    if (changed.size + ended.size > 0) schedule();
  };

  return {
    show(at, progress) {
      const key = keyOf(at);
      ended.delete(key);
      changed.set(key, { at, progress });
      schedule();
    },
    end(at) {
      const key = keyOf(at);
      changed.delete(key);
      if (written.delete(key)) ended.set(key, at);
      if (ended.size === 0) return;
      clearTimeout(timer);
      timer = undefined;
      schedule(0);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

const keyOf = ({ iteration, candidate }: ReplyPosition): string => `${iteration}/${candidate}`;

function partialReply(at: ReplyPosition, { text, reasoning, ...figures }: ReplyProgress): PartialReply {
  return {
    ...at,
    ...figures,
    text: endOf(text, partialReplyLimits.text),
    length: text.length,
    reasoning: endOf(reasoning, partialReplyLimits.reasoning),
    reasoningLength: reasoning.length,
  };
}

/** As long as it was: what PostgreSQL cannot store has a character that stands for it. */
const endOf = (text: string, length: number): string => text.slice(-length).toWellFormed().replaceAll('\0', '\ufffd');
