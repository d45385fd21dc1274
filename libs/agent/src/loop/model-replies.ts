import {
  promptSchema,
  type BlobId,
  type ModelCall,
  type NewEvent,
  type Policy,
  type Prompt,
  type ReplyProgress,
} from '@pentimento/contracts';
import type { BlobPort, Ports } from '../ports.ts';
import { enterStage, type Replies } from './candidate.ts';
import type { Loop } from './input.ts';
import { recordReply } from './record-reply.ts';
import { readText } from './text-blobs.ts';

type CallPorts = Pick<Ports, 'model' | 'partialReplies'>;

/** Replies of a model that is called. They are shown while they are written. */
export const modelReplies =
  (loop: Loop, { model, partialReplies }: CallPorts): Replies =>
  async (group, index) => {
    const at = { iteration: group.iteration, candidate: index };
    try {
      return await callModel(loop, model, group, index, (progress) => partialReplies?.show(at, progress));
    } finally {
      partialReplies?.end(at);
    }
  };

async function callModel(
  loop: Loop,
  model: Ports['model'],
  { iteration, prompt }: { iteration: number; prompt: BlobId },
  index: number,
  onProgress: (progress: ReplyProgress) => void,
): Promise<Awaited<ReturnType<Replies>>> {
  const { job, ports, signal } = loop;
  if ((await enterStage(loop, { iteration, candidate: index, stage: 'model' })) === 'lost') return 'lost';
  const sampling = samplingOf(job.policy, iteration, index);
  const onRetry = (reason: string, waitMs: number) => {
    const retried: NewEvent = { type: 'call.retried', data: { iteration, candidate: index, reason, waitMs } };
    // Progress only: an outage shows at the next awaited write.
    ports.trajectory.emit(retried).catch(() => undefined);
  };
  const request = { model: job.model, prompt: await readPrompt(ports.blobs, prompt), sampling };
  const outcome = await model.generate(request, { signal, onRetry, onProgress });
  if (!outcome.ok) {
    const { failure } = outcome;
    const at = new Date(ports.clock.now()).toISOString();
    const failed = { iteration, candidate: index, model: job.model, prompt, sampling, failure, at };
    return (await ports.trajectory.recordFailedCall(failed)) === 'lost' ? 'lost' : { failure };
  }
  return recordReply(loop, { iteration, candidate: index, prompt, sampling }, outcome.reply);
}

/** The prompt as stored, so that what is sent is what the record names. */
const readPrompt = async (blobs: BlobPort, id: string): Promise<Prompt> =>
  promptSchema.parse(JSON.parse(await readText(blobs, id)));

/** Each candidate of each iteration has its own seed: the candidates of a group differ, and a resumed job repeats itself. */
function samplingOf(policy: Policy, iteration: number, index: number): ModelCall['sampling'] {
  const seed = policy.seed ?? (policy.candidates > 1 ? 0 : null);
  return {
    temperature: policy.temperature ?? null,
    seed: seed === null ? null : (seed + iteration * 1000 + index) % 2 ** 31,
    maxOutputTokens: policy.maxOutputTokens,
  };
}
