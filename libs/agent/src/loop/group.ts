import type { BlobId, ModelLimits, Patch, Policy } from '@pentimento/contracts';
import type { BlobPort } from '../ports.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { SearchStep } from '../search/strategy.ts';
import { triedFrom, type SearchTree } from '../search/tree.ts';
import type { Loop } from './input.ts';
import { putText, readText } from './text-blobs.ts';

export interface PlannedGroup {
  /** Index of the iteration that the group becomes. */
  iteration: number;
  step: SearchStep;
  /** The regions that the prompt asks to fix, worst first. */
  patches: Patch[];
}

/** The candidates of a group share one prompt, so that their rewards can be compared (as GRPO needs it). */
export interface PreparedGroup extends PlannedGroup {
  /** Null for code that a person gave. */
  prompt: BlobId | null;
  /** The code that a person gave, or the code that edits apply to; null where there is none. */
  code: string | null;
}

/** Builds the prompt of a group, within `limits` of the model's server. */
export async function prepareGroup(
  loop: Loop,
  tree: SearchTree,
  group: PlannedGroup,
  { target, limits }: { target: Uint8Array; limits: ModelLimits },
): Promise<PreparedGroup> {
  const { job, ports } = loop;
  const { step, patches } = group;
  if (step.kind === 'provided' || step.kind === 'edit') return withPrompt(loop, group, null);
  const [parent, ...others] = step.parents;
  const prompt = await buildPrompt(
    {
      set: loop.promptSet,
      kind: step.kind,
      parent: parent ?? null,
      alternatives: await Promise.all(
        others.map(async (candidate) => ({ candidate, code: await readCode(ports.blobs, candidate.code) })),
      ),
      target: job.target,
      language: job.language,
      userInstructions: job.instructions,
      tried: parent ? triedFrom(tree, parent) : [],
      patches,
      targetImage: target,
      code: await readCode(ports.blobs, parent?.code ?? null),
      locked: loop.steering.locked,
      budget: budgetOf(limits, job.policy),
    },
    ports,
  );
  return withPrompt(loop, group, await putText(ports.blobs, JSON.stringify(prompt), 'application/json'));
}

/** Part of the context that stays free for the reply at most: a policy's limit of a reply may be larger than the context. */
const maxReplyShare = 0.5;

/** What a prompt may have, where the model's server takes so much in one request. */
function budgetOf({ images, contextTokens }: ModelLimits, { maxOutputTokens }: Policy): ModelLimits {
  const forReply = Math.min(maxOutputTokens, contextTokens * maxReplyShare);
  return { images, contextTokens: contextTokens - forReply };
}

/** A group whose prompt is stored already. */
export async function withPrompt(
  { job, ports }: Loop,
  group: PlannedGroup,
  prompt: BlobId | null,
): Promise<PreparedGroup> {
  return { ...group, prompt, code: await readCode(ports.blobs, codeOf(group.step, job.initialCode)) };
}

/** Code that does not render is not edited: the model writes all of it. */
function codeOf(step: SearchStep, initialCode: BlobId | null): BlobId | null {
  if (step.kind === 'provided') return initialCode;
  if (step.kind === 'edit') return step.code;
  return step.kind === 'repair' ? null : (step.parents[0]?.code ?? null);
}

const readCode = async (blobs: BlobPort, id: BlobId | null): Promise<string | null> =>
  id === null ? null : readText(blobs, id);
