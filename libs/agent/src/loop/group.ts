import type { BlobId, Patch } from '@pentimento/contracts';
import type { BlobPort } from '../ports.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { SearchStep } from '../search/strategy.ts';
import { rejectedFrom, type SearchTree } from '../search/tree.ts';
import { runCandidate, runProvidedCandidate, type CandidateContext, type CandidateResult } from './candidate.ts';
import type { Loop } from './input.ts';
import { putText, readText } from './text-blobs.ts';

export interface PlannedGroup {
  /** Index of the iteration that the group becomes. */
  iteration: number;
  step: SearchStep;
  /** The regions that the prompt asks to fix, worst first. */
  patches: Patch[];
}

/** Builds the prompt that the candidates of a group share. Returns the function that runs one of them. */
export async function prepareGroup(
  loop: Loop,
  tree: SearchTree,
  { iteration, step, patches }: PlannedGroup,
  target: Uint8Array,
): Promise<(index: number) => Promise<CandidateResult>> {
  const { job, ports } = loop;
  const context: CandidateContext = { loop, iteration, parents: step.parents.map(({ id }) => id), target };
  if (step.kind === 'provided') {
    const code = await readCode(ports.blobs, job.initialCode);
    return (index) => runProvidedCandidate(context, index, code!);
  }
  const [parent, ...others] = step.parents;
  const code = await readCode(ports.blobs, parent?.code ?? null);
  const prompt = await buildPrompt(
    {
      kind: step.kind,
      parent: parent ?? null,
      alternatives: await Promise.all(
        others.map(async (candidate) => ({ candidate, code: await readCode(ports.blobs, candidate.code) })),
      ),
      target: job.target,
      language: job.language,
      userInstructions: job.instructions,
      rejected: parent ? rejectedFrom(tree, parent) : [],
      patches,
      targetImage: target,
      code,
    },
    ports,
  );
  const promptBlob = await putText(ports.blobs, JSON.stringify(prompt), 'application/json');
  // Code that does not render is not edited: the model writes all of it.
  const current = step.kind === 'repair' ? null : code;
  return (index) => runCandidate({ ...context, prompt, promptBlob, current }, index);
}

const readCode = async (blobs: BlobPort, id: BlobId | null): Promise<string | null> =>
  id === null ? null : readText(blobs, id);
