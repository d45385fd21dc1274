import {
  type ExportedTrace,
  imagesOf,
  type ModelTurn,
  modelTurnUnits,
  policyVersionOf,
  readCall,
  rowExporter,
  stepsOf,
} from '@pentimento/traces';
import { float, image, int, json, jsonLines, list, type Row, string, struct } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { chatColumn, chatOf } from './chat-parts.ts';

/** More than a job has iterations, and than a group has candidates. */
const maxGroups = 1024;
const maxCandidates = 16;

/**
 * Samples of slime (slime/utils/types.py, `Sample.from_dict`), one a candidate whose tokens are known. The samples of a group
 * follow each other and have its `group_index`.
 */
export const slime = rowExporter({
  id: 'slime',
  title: 'slime samples',
  description: 'Sampled tokens with their log-probabilities and rewards, group by group, for slime.',
  unit: 'candidate',
  table: jsonLines,
  columns: {
    group_index: int,
    index: int,
    prompt: chatColumn,
    tokens: list(int),
    multimodal_inputs: struct({ images: list(image) }),
    response: string,
    response_length: int,
    label: string,
    reward: float,
    loss_mask: list(int),
    weight_versions: list(string),
    rollout_log_probs: list(float),
    status: string,
    metadata: json,
    session_id: string,
  },
  meta: false,
  units: (exported) =>
    modelTurnUnits(
      exported,
      (turn, meta) => sampleOf(exported, turn, meta),
      ({ candidate: { call } }) =>
        call.capture.level === 'text_only' ? { reason: 'no_tokens', detail: call.capture.reason } : undefined,
    ),
});

async function sampleOf(exported: ExportedTrace, turn: ModelTurn, meta: Row): Promise<Row> {
  const { iteration, candidate, score } = turn;
  const { trace, source, index: traceIndex } = exported;
  const { call, reward } = candidate;
  const content = await readCall(call, source);
  const { promptTokenIds, completionTokenIds, logprobs, logprobsMode, imagePlaceholders } = content.tokens!;
  const version = policyVersionOf(trace.job, call);
  const groupIndex = traceIndex * maxGroups + iteration.index;
  return {
    group_index: groupIndex,
    index: groupIndex * maxCandidates + candidate.index,
    prompt: await chatOf(stepsOf([content])[0]!.messages, source),
    tokens: [...promptTokenIds, ...completionTokenIds],
    multimodal_inputs: {
      images: await Promise.all(imagesOf(content.prompt).map((image) => source.image(image))),
    },
    response: content.reply,
    response_length: completionTokenIds.length,
    label: answerOf(exported, turn),
    reward: score,
    loss_mask: completionTokenIds.map(() => 1),
    weight_versions: version === null ? [] : [version],
    rollout_log_probs: logprobs,
    status: call.finishReason === 'length' ? 'truncated' : 'completed',
    metadata: { ...meta, terms: reward.terms, logprobs_mode: logprobsMode, image_placeholders: imagePlaceholders },
    session_id: trace.job.id,
  };
}
