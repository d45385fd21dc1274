import type { ExportedTrace, Turn } from '@pentimento/traces';

/** What a prompt is for and starts from: any turn of its group says so. */
type PromptedBy = Pick<Turn, 'iteration' | 'parent'>;

/**
 * What a reward function needs to score a reply by the reward service, as compact JSON: the task, the target's blob, the language,
 * the device pixel ratio where it is not 1, and the blob of the code that a reply may edit. Trainers pass one text through to the reward and
 * nothing else for certain.
 */
export function answerOf({ trace: { job }, taskId }: ExportedTrace, turn: PromptedBy): string {
  const { image, deviceScale } = job.target;
  const code = editableCode(turn);
  return JSON.stringify({
    task: taskId,
    target: image,
    language: job.language,
    ...(deviceScale !== 1 && { deviceScale }),
    ...(code !== null && { code }),
  });
}

/** Code that does not render is not edited: the model writes all of it. */
const editableCode = ({ iteration, parent }: PromptedBy): string | null =>
  iteration.kind === 'repair' ? null : (parent?.code ?? null);
