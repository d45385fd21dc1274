import {
  alignmentOf,
  codeMediaType,
  type BlobId,
  type Candidate,
  type IterationKind,
  type ModelCall,
  type ModelFailure,
  type NewEvent,
  type Prompt,
  type RenderRecord,
  type RewardRecord,
  type Stage,
} from '@pentimento/contracts';
import type { Ports } from '../ports.ts';
import { parseReply, type ParsedReply } from '../replies/parse.ts';
import type { RefineInput } from './input.ts';

/** What the candidates of one iteration share: one prompt state, as GRPO wants it. */
export interface Group {
  job: RefineInput['job'];
  trusted: boolean;
  ports: Ports;
  signal: AbortSignal;
  iteration: number;
  kind: IterationKind;
  parent: Candidate | null;
  target: Uint8Array;
}

export interface PromptedGroup extends Group {
  /** Code that edits apply to. */
  current: string | null;
  prompt: Prompt;
  promptBlob: BlobId;
}

export type CandidateResult =
  { kind: 'candidate'; candidate: Candidate } | { kind: 'failure'; failure: ModelFailure } | { kind: 'lost' };

const lost: CandidateResult = { kind: 'lost' };

/** One candidate from the model: its stored self, or its recorded call continued, or a new call. */
export async function runCandidate(group: PromptedGroup, index: number): Promise<CandidateResult> {
  const { trajectory } = group.ports;
  const { fenceNames } = group.job.language;
  const stored = await trajectory.findCandidate(group.iteration, index);
  if (stored) return { kind: 'candidate', candidate: stored };
  const call = (await trajectory.findCall(group.iteration, index)) ?? (await callModel(group, index));
  if (call === 'lost') return lost;
  if ('failure' in call) return { kind: 'failure', failure: call.failure };
  const reply = new TextDecoder().decode(await group.ports.blobs.get(call.reply));
  const parsed = parseReply(reply, { fenceNames, current: group.current, finishReason: call.finishReason });
  return appendCandidate(group, index, { call, parsed, alignment: alignmentOf(reply, fenceNames) });
}

/** The candidate of code that came with the job: no call, aligned by definition. */
export async function runProvidedCandidate(group: Group, code: string): Promise<CandidateResult> {
  const stored = await group.ports.trajectory.findCandidate(group.iteration, 0);
  if (stored) return { kind: 'candidate', candidate: stored };
  return appendCandidate(group, 0, { call: null, parsed: { status: 'provided', code, detail: '' }, alignment: 1 });
}

/** The call is recorded the moment its reply is there, before anything is done with it. */
async function callModel(group: PromptedGroup, index: number): Promise<ModelCall | { failure: ModelFailure } | 'lost'> {
  const { job, ports, signal, iteration, prompt, promptBlob } = group;
  if ((await enterStage(group, index, 'model')) === 'lost') return 'lost';
  const sampling = samplingOf(job.policy, iteration, index);
  const onRetry = (reason: string, waitMs: number) => {
    const retried: NewEvent = { type: 'call.retried', data: { iteration, candidate: index, reason, waitMs } };
    // A progress line only: an outage shows at the next awaited write.
    ports.trajectory.emit(retried).catch(() => undefined);
  };
  const outcome = await ports.model.generate({ model: job.model, prompt, sampling }, { signal, onRetry });
  if (!outcome.ok) return { failure: outcome.failure };
  const { text, ...reply } = outcome.reply;
  const call: ModelCall = {
    iteration,
    candidate: index,
    model: job.model,
    prompt: promptBlob,
    reply: await ports.blobs.put(new TextEncoder().encode(text), codeMediaType),
    sampling,
    ...reply,
  };
  return (await ports.trajectory.recordCall(call)) === 'lost' ? 'lost' : call;
}

/** Each candidate of each iteration samples with a seed of its own, so a group differs and a resumed job repeats itself. */
function samplingOf(policy: Group['job']['policy'], iteration: number, index: number): ModelCall['sampling'] {
  const seed = policy.seed ?? (policy.candidates > 1 ? 0 : null);
  return {
    temperature: policy.temperature ?? null,
    seed: seed === null ? null : (seed + iteration * 1000 + index) % 2 ** 31,
    maxOutputTokens: policy.maxOutputTokens,
  };
}

interface Reply {
  call: ModelCall | null;
  parsed: ParsedReply;
  alignment: 0 | 1;
}

async function appendCandidate(group: Group, index: number, written: Reply): Promise<CandidateResult> {
  const { ports, job, iteration, parent } = group;
  const drawn = await renderAndScore(group, index, written);
  if (drawn === 'lost') return lost;
  const candidate: Candidate = {
    id: ports.newCandidateId(),
    jobId: job.id,
    iteration,
    index,
    parent: parent?.id ?? null,
    call: written.call,
    parseStatus: written.parsed.status,
    parseDetail: written.parsed.detail,
    ...drawn,
    createdAt: new Date(ports.clock.now()).toISOString(),
  };
  const result = await ports.trajectory.appendCandidate(candidate, finishedEvent(candidate));
  return result === 'lost' ? lost : { kind: 'candidate', candidate };
}

type Drawn = Pick<Candidate, 'code' | 'render' | 'reward'>;

async function renderAndScore(group: Group, index: number, written: Reply): Promise<Drawn | 'lost'> {
  const { ports, signal, target } = group;
  const { code } = written.parsed;
  const drawn = code === null ? null : await render(group, index, code);
  if (drawn === 'lost') return 'lost';
  if ((await enterStage(group, index, 'reward')) === 'lost') return 'lost';
  const image = drawn?.image ?? null;
  const reward: RewardRecord = await ports.reward.score(
    { target, render: image, alignment: written.alignment, job: group.job.id },
    signal,
  );
  const codeBlob = code === null ? null : await ports.blobs.put(new TextEncoder().encode(code), codeMediaType);
  return { code: codeBlob, render: drawn?.record ?? null, reward };
}

async function render(
  group: Group,
  index: number,
  code: string,
): Promise<{ record: RenderRecord; image: Uint8Array | null } | 'lost'> {
  const { job, ports, signal, trusted } = group;
  if ((await enterStage(group, index, 'render')) === 'lost') return 'lost';
  const size = { width: job.target.width, height: job.target.height };
  const { deviceScale } = job.target;
  const language = job.language.id;
  const result = await ports.render.render({ language, code, size, deviceScale, trusted }, signal);
  if (result.status === 'failed') return { record: result, image: null };
  const { image, width, height, log, molecule, renderer, ms } = result;
  const blob = await ports.blobs.put(image, 'image/png');
  return { record: { status: 'ok', image: blob, width, height, log, molecule, renderer, ms }, image };
}

function enterStage({ ports, iteration, signal }: Group, candidate: number, stage: Stage) {
  signal.throwIfAborted();
  return ports.trajectory.emit({ type: 'candidate.stage', data: { iteration, candidate, stage } });
}

function finishedEvent({ iteration, index, id, parseStatus, reward, render: drawn, call }: Candidate): NewEvent {
  return {
    type: 'candidate.finished',
    data: {
      iteration,
      candidate: index,
      id,
      parseStatus,
      overall: reward.terms.overall,
      failure: drawn?.status === 'failed' ? drawn.kind : null,
      ms: { model: call?.ms ?? null, render: drawn?.ms ?? null, reward: reward.ms },
    },
  };
}
