import { codeMediaType, type ModelCall, type ModelReply } from '@pentimento/contracts';
import type { Loop } from './input.ts';
import { putText } from './text-blobs.ts';

type Position = Pick<ModelCall, 'iteration' | 'candidate' | 'prompt' | 'sampling'>;

/** Records a call as soon as its reply has arrived, before anything is done with it. */
export async function recordReply(
  { job, ports }: Loop,
  at: Position,
  received: ModelReply,
): Promise<ModelCall | 'lost'> {
  const { text, reasoning, capture, ...reply } = received;
  const call: ModelCall = {
    ...at,
    model: job.model,
    reply: await putText(ports.blobs, text.toWellFormed(), codeMediaType),
    reasoning: reasoning === '' ? null : await putText(ports.blobs, reasoning.toWellFormed(), codeMediaType),
    capture:
      capture.level === 'text_only'
        ? capture
        : {
            level: capture.level,
            tokens: await putText(ports.blobs, JSON.stringify(capture.tokens), 'application/json'),
          },
    ...reply,
  };
  return (await ports.trajectory.recordCall(call)) === 'lost' ? 'lost' : call;
}
