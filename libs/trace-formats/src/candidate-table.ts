import { type Candidate, type Prompt } from '@pentimento/contracts';
import { groupStatisticsColumns, groupStatisticsOf, type ExportedTrace, type Turn } from '@pentimento/traces';
import { type Columns, float, image, list, type Row, string, struct } from '@pentimento/traces/tables';
import { imageTag } from './prompt-text.ts';

/** All that a person wants to know of a candidate, next to the columns of `meta.ts`. */
export const candidateColumns = {
  target: image,
  render: image,
  code: string,
  prompt: string,
  reply: string,
  reasoning: string,
  instructions: string,
  failure_kind: string,
  failure: string,
  visual: float,
  alignment: float,
  execution: float,
  terms: list(struct({ term: string, score: float })),
  parent_ids: list(string),
  threshold: float,
  minimums: list(struct({ term: string, score: float })),
  ...groupStatisticsColumns,
} satisfies Columns;

/** The values of `candidateColumns`. What a candidate does not have is null. */
export async function candidateRow({ trace, source }: ExportedTrace, { candidate, iteration }: Turn): Promise<Row> {
  const { call, code, render, reward, parents } = candidate;
  const { target, instructions, policy } = trace.job;
  const { visual, alignment, execution } = reward.terms;
  return {
    target: await source.image(target.image),
    render: render?.status === 'ok' ? await source.image(render.image) : null,
    code: code && (await source.text(code)),
    prompt: call && textOf(await source.prompt(call.prompt)),
    reply: call && (await source.text(call.reply)),
    reasoning: call?.reasoning ? await source.text(call.reasoning) : null,
    instructions,
    ...failureOf(candidate),
    ...{ visual, alignment, execution },
    terms: Object.entries(reward.terms).map(([term, score]) => ({ term, score })),
    parent_ids: parents,
    threshold: policy.threshold,
    minimums: Object.entries(policy.minimums).map(([term, score]) => ({ term, score })),
    ...groupStatisticsOf(iteration.candidates, policy),
  };
}

/** Why there is no render: null where there is one. */
function failureOf({ render, parseDetail, parseStatus }: Candidate) {
  if (render?.status === 'ok') return { failure_kind: null, failure: null };
  if (render) return { failure_kind: render.kind, failure: render.message };
  return { failure_kind: parseStatus, failure: parseDetail };
}

/** The prompt for people, with a tag for each image. */
function textOf({ instructions, messages }: Prompt): string {
  const parts = messages.flatMap(({ content }) => content);
  return [instructions, ...parts.map((part) => (part.type === 'text' ? part.text : imageTag))].join('\n');
}
