import {
  alignmentOf,
  codeMediaType,
  type BlobId,
  type Candidate,
  type ModelCall,
  type ModelFailure,
  type NewEvent,
  type Policy,
  type Prompt,
  type RenderRecord,
  type RewardRecord,
  type Stage,
} from '@pentimento/contracts';
import { parseReply, type ParsedReply } from '../replies/parse.ts';
import type { Loop } from './input.ts';
import { putText, readText } from './text-blobs.ts';

/** What the candidates of one group share. */
export interface CandidateContext {
  loop: Loop;
  iteration: number;
  /** Ids of the candidates that the group starts from. */
  parents: string[];
  /** PNG of the target. */
  target: Uint8Array;
}

/** The candidates of a group share one prompt, so that their rewards can be compared (as GRPO needs it). */
export interface PromptedContext extends CandidateContext {
  prompt: Prompt;
  promptBlob: BlobId;
  /** The code that edits apply to; null where there is none. */
  current: string | null;
}

export type CandidateResult =
  { kind: 'candidate'; candidate: Candidate } | { kind: 'failure'; failure: ModelFailure } | { kind: 'lost' };

const lost: CandidateResult = { kind: 'lost' };

/** One candidate from the model: the stored one, or the recorded call processed further, or a new call. */
export async function runCandidate(context: PromptedContext, index: number): Promise<CandidateResult> {
  const { trajectory, blobs } = context.loop.ports;
  const { fenceNames } = context.loop.job.language;
  const stored = await trajectory.findCandidate(context.iteration, index);
  if (stored) return { kind: 'candidate', candidate: stored };
  const call = (await trajectory.findCall(context.iteration, index)) ?? (await callModel(context, index));
  if (call === 'lost') return lost;
  if ('failure' in call) return { kind: 'failure', failure: call.failure };
  const reply = await readText(blobs, call.reply);
  const parsed = parseReply(reply, { fenceNames, current: context.current, finishReason: call.finishReason });
  return appendCandidate(context, index, { call, parsed, alignment: alignmentOf(reply, fenceNames) });
}

/** The candidate of code that came with the job: no call, aligned by definition. */
export async function runProvidedCandidate(
  context: CandidateContext,
  index: number,
  code: string,
): Promise<CandidateResult> {
  const stored = await context.loop.ports.trajectory.findCandidate(context.iteration, index);
  if (stored) return { kind: 'candidate', candidate: stored };
  const parsed: ParsedReply = { status: 'provided', code, detail: '' };
  return appendCandidate(context, index, { call: null, parsed, alignment: 1 });
}

/** Records the call as soon as its reply has arrived, before anything is done with it. */
async function callModel(
  context: PromptedContext,
  index: number,
): Promise<ModelCall | { failure: ModelFailure } | 'lost'> {
  const { iteration, prompt, promptBlob } = context;
  const { job, ports, signal } = context.loop;
  if ((await enterStage(context, index, 'model')) === 'lost') return 'lost';
  const sampling = samplingOf(job.policy, iteration, index);
  const onRetry = (reason: string, waitMs: number) => {
    const retried: NewEvent = { type: 'call.retried', data: { iteration, candidate: index, reason, waitMs } };
    // Progress only: an outage shows at the next awaited write.
    ports.trajectory.emit(retried).catch(() => undefined);
  };
  const outcome = await ports.model.generate({ model: job.model, prompt, sampling }, { signal, onRetry });
  if (!outcome.ok) {
    const { failure } = outcome;
    const at = new Date(ports.clock.now()).toISOString();
    const failed = { iteration, candidate: index, model: job.model, prompt: promptBlob, sampling, failure, at };
    return (await ports.trajectory.recordFailedCall(failed)) === 'lost' ? 'lost' : { failure };
  }
  const { text, reasoning, capture, ...reply } = outcome.reply;
  const call: ModelCall = {
    iteration,
    candidate: index,
    model: job.model,
    prompt: promptBlob,
    reply: await putText(ports.blobs, text, codeMediaType),
    reasoning: reasoning === '' ? null : await putText(ports.blobs, reasoning, codeMediaType),
    capture:
      capture.level === 'text_only'
        ? capture
        : {
            level: capture.level,
            tokens: await putText(ports.blobs, JSON.stringify(capture.tokens), 'application/json'),
          },
    sampling,
    ...reply,
  };
  return (await ports.trajectory.recordCall(call)) === 'lost' ? 'lost' : call;
}

/** Each candidate of each iteration has its own seed: the candidates of a group differ, and a resumed job repeats itself. */
function samplingOf(policy: Policy, iteration: number, index: number): ModelCall['sampling'] {
  const seed = policy.seed ?? (policy.candidates > 1 ? 0 : null);
  return {
    temperature: policy.temperature ?? null,
    seed: seed === null ? null : (seed + iteration * 1000 + index) % 2 ** 31,
    maxOutputTokens: policy.maxOutputTokens,
  };
}

interface Attempt {
  call: ModelCall | null;
  parsed: ParsedReply;
  alignment: 0 | 1;
}

async function appendCandidate(context: CandidateContext, index: number, attempt: Attempt): Promise<CandidateResult> {
  const { loop, iteration, parents } = context;
  const scored = await renderAndScore(context, index, attempt);
  if (scored === 'lost') return lost;
  const candidate: Candidate = {
    id: loop.ports.newCandidateId(),
    jobId: loop.job.id,
    iteration,
    index,
    parents,
    call: attempt.call,
    parseStatus: attempt.parsed.status,
    parseDetail: attempt.parsed.detail,
    ...scored,
    createdAt: new Date(loop.ports.clock.now()).toISOString(),
  };
  const result = await loop.ports.trajectory.appendCandidate(candidate, finishedEvent(candidate));
  return result === 'lost' ? lost : { kind: 'candidate', candidate };
}

type ScoredCode = Pick<Candidate, 'code' | 'render' | 'reward'>;

async function renderAndScore(
  context: CandidateContext,
  index: number,
  { parsed: { code }, alignment }: Attempt,
): Promise<ScoredCode | 'lost'> {
  const { job, ports, signal } = context.loop;
  const rendered = code === null ? null : await render(context, index, code);
  if (rendered === 'lost') return 'lost';
  if ((await enterStage(context, index, 'reward')) === 'lost') return 'lost';
  const image = rendered?.image ?? null;
  const reward: RewardRecord = await ports.reward.score(
    { target: context.target, render: image, alignment, job: job.id },
    signal,
  );
  const codeBlob = code === null ? null : await putText(ports.blobs, code, codeMediaType);
  return { code: codeBlob, render: rendered?.record ?? null, reward };
}

async function render(
  context: CandidateContext,
  index: number,
  code: string,
): Promise<{ record: RenderRecord; image: Uint8Array | null } | 'lost'> {
  const { job, ports, signal, trusted } = context.loop;
  if ((await enterStage(context, index, 'render')) === 'lost') return 'lost';
  const { width, height, deviceScale } = job.target;
  const request = { language: job.language.id, code, size: { width, height }, deviceScale, trusted };
  const result = await ports.render.render(request, signal);
  if (result.status === 'failed') return { record: result, image: null };
  const { image, width: renderedWidth, height: renderedHeight, log, molecule, renderer, ms } = result;
  const blob = await ports.blobs.put(image, 'image/png');
  const size = { width: renderedWidth, height: renderedHeight };
  return { record: { status: 'ok', image: blob, ...size, log, molecule, renderer, ms }, image };
}

function enterStage({ loop, iteration }: CandidateContext, candidate: number, stage: Stage) {
  loop.signal.throwIfAborted();
  return loop.ports.trajectory.emit({ type: 'candidate.stage', data: { iteration, candidate, stage } });
}

function finishedEvent({ iteration, index, id, parseStatus, reward, render: record, call }: Candidate): NewEvent {
  return {
    type: 'candidate.finished',
    data: {
      iteration,
      candidate: index,
      id,
      parseStatus,
      overall: reward.terms.overall,
      failure: record?.status === 'failed' ? record.kind : null,
      ms: { model: call?.ms ?? null, render: record?.ms ?? null, reward: reward.ms },
    },
  };
}
