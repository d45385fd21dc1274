import {
  alignmentOf,
  codeMediaType,
  type BlobId,
  type Candidate,
  type EventData,
  type ModelCall,
  type ModelFailure,
  type NewEvent,
  type RenderRecord,
  type WriteResult,
} from '@pentimento/contracts';
import { parseReply, type ParsedReply } from '@pentimento/replies';
import type { PreparedGroup } from './group.ts';
import type { Loop } from './input.ts';
import type { BlobPort } from '../ports.ts';
import { putText, readText } from './text-blobs.ts';

/** Gets the reply to a group's prompt, and records it as a call. */
export type Replies = (
  group: PreparedGroup & { prompt: BlobId },
  index: number,
) => Promise<ModelCall | { failure: ModelFailure } | 'lost'>;

/** What the candidates of one group share. */
export interface CandidateContext {
  loop: Loop;
  group: PreparedGroup;
  /** PNG of the target. */
  target: Uint8Array;
  replies: Replies;
}

export type CandidateResult =
  { kind: 'candidate'; candidate: Candidate } | { kind: 'failure'; failure: ModelFailure } | { kind: 'lost' };

const lost: CandidateResult = { kind: 'lost' };

/** One candidate: the stored one, or the recorded call processed further, or a new reply. */
export async function runCandidate(context: CandidateContext, index: number): Promise<CandidateResult> {
  const { loop, group } = context;
  const stored = await loop.ports.trajectory.findCandidate(group.iteration, index);
  if (stored) return { kind: 'candidate', candidate: stored };
  const attempt = await attemptOf(context, index);
  if (attempt === 'lost') return lost;
  if ('failure' in attempt) return { kind: 'failure', failure: attempt.failure };
  return appendCandidate(context, index, attempt);
}

/** Characters that take little of the time for which the event loop may stall. */
const maxReadAtOnce = 256 * 1024;

async function attemptOf(
  { loop, group, replies }: CandidateContext,
  index: number,
): Promise<Attempt | { failure: ModelFailure } | 'lost'> {
  const { prompt, code, iteration } = group;
  // Code that a person gave has no call, and is aligned by definition.
  if (prompt === null) return { call: null, parsed: { status: 'provided', code, detail: '' }, alignment: 1 };
  const { trajectory, blobs } = loop.ports;
  const call = (await trajectory.findCall(iteration, index)) ?? (await replies({ ...group, prompt }, index));
  if (call === 'lost' || 'failure' in call) return call;
  const { language } = loop.job;
  const reply = await answerOf(blobs, call);
  try {
    const parsed = parseReply(reply, { language, current: code, finishReason: call.finishReason });
    if (reply.trim() === '' && parsed.status === 'no_code') parsed.detail = whyEmpty(call);
    if (reply.length > maxReadAtOnce) await loop.ports.nextTurn();
    return { call, parsed, alignment: alignmentOf(reply, language.fenceNames[0]) };
  } catch (error) {
    loop.ports.onUnexpectedError(error);
    return { call, parsed: { status: 'no_code', code: null, detail: unreadable }, alignment: 0 };
  }
}

/** The text of a reply. Some servers give the answer as reasoning: where there is nothing else, it is read. */
async function answerOf(blobs: BlobPort, { reply, reasoning }: ModelCall): Promise<string> {
  const text = await readText(blobs, reply);
  return text.trim() === '' && reasoning !== null ? readText(blobs, reasoning) : text;
}

const whyEmpty = ({ usage }: ModelCall): string =>
  usage.outputTokens
    ? 'The reply is empty.'
    : 'The reply is empty: the model wrote nothing. It may take no images, or the prompt may fill its context.';

const unreadable = 'The reply cannot be read: write the code in a simpler way.';

interface Attempt {
  call: ModelCall | null;
  parsed: ParsedReply;
  alignment: 0 | 1;
}

async function appendCandidate(context: CandidateContext, index: number, attempt: Attempt): Promise<CandidateResult> {
  const { loop, group } = context;
  const scored = await renderAndScore(context, index, attempt);
  if (scored === 'lost') return lost;
  const candidate: Candidate = {
    id: loop.ports.newCandidateId(),
    jobId: loop.job.id,
    iteration: group.iteration,
    index,
    parents: group.step.parents.map(({ id }) => id),
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
  const { ports } = context.loop;
  const { iteration } = context.group;
  const rendered = code === null ? null : await render(context, index, code);
  if (rendered === 'lost') return 'lost';
  // The event is written while the stage runs: a lost claim costs the stage's work, and writes nothing.
  const [entered, codeBlob, scored] = await Promise.all([
    enterStage(context.loop, { iteration, candidate: index, stage: 'reward' }),
    code === null ? null : putText(ports.blobs, code, codeMediaType),
    score(context, rendered, alignment),
  ]);
  return entered === 'lost' ? 'lost' : { code: codeBlob, ...scored };
}

/** A render that cannot be scored has failed. */
async function score(
  { loop, target }: Pick<CandidateContext, 'loop' | 'target'>,
  rendered: Rendered | null,
  alignment: 0 | 1,
): Promise<Pick<Candidate, 'render' | 'reward'>> {
  const { job, ports, signal } = loop;
  const render = rendered?.image ?? null;
  const scored = await ports.reward.score({ target, render, alignment, job: job.id }, signal);
  if (!('unscorable' in scored)) return { render: rendered?.record ?? null, reward: scored };
  if (!rendered?.image) throw new Error(`A candidate without a render cannot be scored: ${scored.unscorable}`);
  const { renderer, ms } = rendered.record;
  const record = { status: 'failed', kind: 'runtime', message: scored.unscorable, renderer, ms } as const;
  return score({ loop, target }, { record, image: null }, alignment);
}

interface Rendered {
  record: RenderRecord;
  /** PNG; null where nothing rendered. */
  image: Uint8Array | null;
}

async function render({ loop, group }: CandidateContext, index: number, code: string): Promise<Rendered | 'lost'> {
  const { job, ports, signal, trusted } = loop;
  const { width, height, deviceScale } = job.target;
  const size = { width, height };
  const request = { language: job.language.id, code, size, deviceScale, trusted, job: job.id };
  const [entered, result] = await Promise.all([
    enterStage(loop, { iteration: group.iteration, candidate: index, stage: 'render' }),
    ports.render.render(request, signal),
  ]);
  if (entered === 'lost') return 'lost';
  if (result.status === 'failed') return { record: result, image: null };
  const { image, width: renderedWidth, height: renderedHeight, log, molecule, bitmapShare, renderer, ms } = result;
  const blob = await ports.blobs.put(image, 'image/png');
  const renderedSize = { width: renderedWidth, height: renderedHeight };
  return { record: { status: 'ok', image: blob, ...renderedSize, log, molecule, bitmapShare, renderer, ms }, image };
}

export async function enterStage(loop: Loop, data: EventData<'candidate.stage'>): Promise<WriteResult> {
  loop.signal.throwIfAborted();
  return loop.ports.trajectory.emit({ type: 'candidate.stage', data });
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
