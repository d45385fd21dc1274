import type { ExportedTrace } from '../export/exporter.ts';
import type { Group } from '../derive/groups.ts';

/**
 * What a reward function needs to score a reply by the reward service, as compact JSON: the task, the target's blob, the language,
 * the device pixel ratio where it is not 1, and the blob of the code that a reply may edit. Trainers pass one text through to the reward and
 * nothing else for certain.
 */
export function answerOf({ trace: { job }, taskId }: ExportedTrace, group: Group): string {
  const { image, deviceScale } = job.target;
  const code = editableCode(group);
  return JSON.stringify({
    task: taskId,
    target: image,
    language: job.language,
    ...(deviceScale !== 1 && { deviceScale }),
    ...(code !== null && { code }),
  });
}

/** Code that does not render is not edited: the model writes all of it. */
const editableCode = ({ iteration, turns: [first] }: Group): string | null =>
  iteration.kind === 'repair' ? null : (first!.parent?.code ?? null);
