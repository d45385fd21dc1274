import {
  bestLineageOf,
  type ExportedTrace,
  type LineageStep,
  metaOf,
  readBestLineage,
  rowExporter,
  type Segment,
  segmentsOf,
  type TraceSource,
} from '@pentimento/traces';
import { bool, float, int, json, jsonLines, list, type Row, string, struct } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { contentColumn, partsOf } from './chat-parts.ts';

/**
 * The turns from the first draft to the best candidate, one trajectory a row. A turn with `branch_break` starts a new conversation, and
 * its messages are all of its prompt: the loop's prompts summarize earlier turns, so that most turns do. `segments` has the tokens of each
 * conversation, as far as they are known. `turn_scores` are the scores of the states, not rewards: a trainer takes the differences.
 */
export const multiTurn = rowExporter({
  id: 'multi-turn',
  title: 'Multi-turn trajectories',
  description: 'The turns to the best candidate as messages with images, scores and tokens, one trajectory a row.',
  unit: 'trajectory',
  table: jsonLines,
  columns: {
    turns: list(
      struct({
        candidate_id: string,
        iteration: int,
        kind: string,
        branch_break: bool,
        messages: list(struct({ role: string, content: contentColumn, loss: bool })),
        reasoning: string,
        capture_level: string,
        logprobs_mode: string,
        score: float,
        gain: float,
      }),
    ),
    turn_scores: list(float),
    initial_score: float,
    segments: list(
      struct({
        turns: list(int),
        token_ids: list(int),
        loss_mask: list(int),
        logprobs: list(float),
        image_placeholders: json,
      }),
    ),
    answer: string,
    stop_reason: string,
  },
  meta: true,
  async *units(exported) {
    yield { row: await trajectoryRow(exported) };
  },
});

async function trajectoryRow(exported: ExportedTrace): Promise<Row> {
  const { trace, source } = exported;
  const steps = await readBestLineage(trace, source);
  const [root] = bestLineageOf(trace);
  return {
    turns: await Promise.all(steps.map((step) => turnOf(step, source))),
    turn_scores: steps.map(({ turn }) => turn.score),
    initial_score: root!.candidate.call ? null : root!.score,
    segments: segmentsOf(steps).map(segmentRow),
    answer: answerOf(exported, steps[0]!.turn),
    stop_reason: trace.job.stopReason,
    ...(await metaOf(exported, steps.at(-1)!.turn)),
  };
}

/** Its messages are those that it adds, with its reply, which alone is trained on. */
async function turnOf({ call, turn, branchBreak, messages }: LineageStep, source: TraceSource): Promise<Row> {
  const { candidate, iteration, score, gain } = turn;
  const prompt = messages.map(async ({ role, content }) => ({
    role,
    content: await partsOf(content, source),
    loss: false,
  }));
  const reply = { role: 'assistant', content: [{ type: 'text', text: call.reply }], loss: true };
  return {
    candidate_id: candidate.id,
    iteration: iteration.index,
    kind: iteration.kind,
    branch_break: branchBreak,
    messages: [...(await Promise.all(prompt)), reply],
    reasoning: call.reasoning,
    capture_level: candidate.call.capture.level,
    logprobs_mode: call.tokens?.logprobsMode ?? null,
    ...{ score, gain },
  };
}

const segmentRow = ({ steps, tokenIds, lossMask, logprobs, imagePlaceholders }: Segment): Row => ({
  turns: steps,
  token_ids: tokenIds,
  loss_mask: lossMask,
  logprobs,
  image_placeholders: imagePlaceholders,
});
