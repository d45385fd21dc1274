import { rewardVersionId, type BlobId, type FailedCall, type MessagePart, type ModelCall } from '@pentimento/contracts';
import {
  type CallContent,
  type ChatMessage,
  dataUriOf,
  type ExportedTrace,
  type LineageStep,
  type ModelTurn,
  policyVersionOf,
  sha256Of,
  type TraceSource,
} from '@pentimento/traces';
import { pythonJson } from './python-json.ts';

/** Version of verifiers' trace (verifiers/v1/trace.py, `TRACE_VERSION`). */
const traceVersion = 1;

/** The task of an episode and of its traces: `WireTaskData` keeps the fields that it does not know. */
export async function verifiersTask({ trace: { job }, taskId }: ExportedTrace) {
  const { target, language, instructions, name } = job;
  const data = { name, target: target.image, width: target.width, height: target.height, language, instructions };
  const hash = await sha256Of(pythonJson(data, { compact: false }));
  return { type: 'PentimentoTask', data, key: taskId, hash };
}

/** Which policy wrote an episode. verifiers has numbers only: a version that is none is in the traces' `info`. */
export function verifiersRun({ trace: { job } }: ExportedTrace, turns: readonly ModelTurn[]) {
  const versions = turns.map(({ candidate }) =>
    Number(policyVersionOf(job, candidate.call)?.match(/^\d{1,15}$/)?.[0] ?? Number.NaN),
  );
  const [start, end] = [Math.min(...versions), Math.max(...versions)];
  if (!Number.isFinite(end)) return { type: 'eval', id: job.id };
  return { type: 'train', id: job.id, work: { type: 'train', step: end, policy: { start, end } } };
}

export interface TraceParts {
  id: string;
  steps: readonly LineageStep[];
  task: object;
  stopCondition: string;
  /** Metrics next to the terms of the last turn. */
  metrics: Record<string, number | null>;
}

/**
 * One trace (verifiers/v1/trace.py, `WireTrace`): the nodes of its conversations, one call a turn, the score of the last turn as the
 * one reward, its other terms as metrics, and in `info.turn_rewards` the score of the state after each turn (prime-rl pull request 3282).
 */
export async function verifiersTrace(exported: ExportedTrace, parts: TraceParts) {
  const { job, failedCalls } = exported.trace;
  const { steps } = parts;
  const { overall, ...terms } = steps.at(-1)!.turn.candidate.reward.terms;
  const nodes = await nodesOf(steps, exported.source);
  const sampled = nodes.flatMap((node, index) => (node.sampled ? [index] : []));
  return {
    version: traceVersion,
    id: parts.id,
    verifiers: { version: 'none' },
    task: parts.task,
    agent: { config: { model: job.model }, name: 'agent', trainable: true },
    nodes,
    calls: steps.flatMap(({ turn: { candidate } }, index) => [
      ...failedCalls
        .filter((failed) => failed.iteration === candidate.iteration && failed.candidate === candidate.index)
        .map(failedCallOf),
      callOf(candidate.call, sampled[index]!),
    ]),
    rewards: { overall: { score: overall, weight: 1 } },
    metrics: { ...terms, ...parts.metrics },
    info: { ...infoOf(exported, steps), turn_rewards: steps.map(({ turn }) => turn.score) },
    is_completed: true,
    ok: true,
    stop_condition: parts.stopCondition,
    errors: [],
    timing: { start: secondsOf(steps[0]!.turn.iteration.startedAt) },
  };
}

function infoOf({ trace: { job } }: ExportedTrace, steps: readonly LineageStep[]) {
  const { candidate } = steps.at(-1)!.turn;
  return {
    job: job.id,
    reward_version: rewardVersionId(candidate.reward),
    turns: steps.map(({ turn, call, branchBreak }) => ({
      iteration: turn.iteration.index,
      candidate: turn.candidate.id,
      kind: turn.iteration.kind,
      verdict: turn.verdict,
      parents: turn.candidate.parents,
      parent_score: turn.parent?.reward.terms.overall ?? null,
      policy_version: policyVersionOf(job, turn.candidate.call),
      capture: turn.candidate.call.capture,
      branch_break: branchBreak,
      logprobs_mode: call.tokens?.logprobsMode ?? null,
      image_placeholders: call.tokens?.imagePlaceholders ?? null,
    })),
  };
}

interface MessageNode {
  parent: number | null;
  message: object;
  sampled: boolean;
  timestamp: number;
  token_ids: number[];
  mask: boolean[];
  logprobs: number[];
}

/**
 * The messages as a graph (verifiers/v1/graph.py): each added message is a node, and a new conversation a new root. Where the template's spans of
 * the messages are not known, as here, all added tokens of the prompt belong to the node of the reply.
 */
async function nodesOf(steps: readonly LineageStep[], source: TraceSource): Promise<MessageNode[]> {
  const nodes: MessageNode[] = [];
  for (const { call, turn, branchBreak, messages, promptTokenIds } of steps) {
    const timestamp = secondsOf(turn.candidate.createdAt);
    let parent = branchBreak || nodes.length === 0 ? null : nodes.length - 1;
    for (const message of messages) {
      const content = await messageOf(message, source);
      nodes.push({ parent, message: content, sampled: false, timestamp, token_ids: [], mask: [], logprobs: [] });
      parent = nodes.length - 1;
    }
    const completion = call.tokens?.completionTokenIds ?? [];
    const prompt = promptTokenIds ?? [];
    nodes.push({
      parent,
      message: replyOf(call),
      sampled: true,
      timestamp,
      token_ids: [...prompt, ...completion],
      mask: [...prompt.map(() => false), ...completion.map(() => true)],
      logprobs: call.tokens?.logprobs ?? [],
    });
  }
  return nodes;
}

const replyOf = ({ reply, reasoning }: CallContent) => ({
  role: 'assistant',
  content: reply,
  ...(reasoning !== null && { reasoning_content: reasoning }),
});

/** An assistant's content is text, and everyone else's may have images, as `data:` URIs. */
async function messageOf({ role, content }: ChatMessage, source: TraceSource) {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (role === 'assistant' || texts.length === content.length) return { role, content: texts.join('\n') };
  return { role, content: await Promise.all(content.map((part) => partOf(part, source))) };
}

async function partOf(part: MessagePart, source: TraceSource) {
  if (part.type === 'text') return part;
  return { type: 'image_url', image_url: { url: await dataUri(part.image, source) } };
}

const dataUri = async (id: BlobId, source: TraceSource): Promise<string> => dataUriOf(await source.image(id));

function callOf({ model, sampling, finishReason, usage }: ModelCall, node: number) {
  const { inputTokens, outputTokens, cost } = usage;
  return {
    node,
    ...requestOf(model, sampling),
    finish_reason: finishReason === 'stop' || finishReason === 'length' ? finishReason : null,
    usage:
      inputTokens === null || outputTokens === null
        ? null
        : { prompt_tokens: inputTokens, completion_tokens: outputTokens, cost },
  };
}

const failedCallOf = ({ model, sampling, failure }: FailedCall) => ({
  node: null,
  ...requestOf(model, sampling),
  error: { type: failure.kind, message: failure.message },
});

function requestOf(model: string, { temperature, maxOutputTokens, seed }: ModelCall['sampling']) {
  return { model, sampling: { temperature, max_tokens: maxOutputTokens, seed }, endpoint: '/chat/completions' };
}

const secondsOf = (timestamp: string): number => Date.parse(timestamp) / 1000;
