import type { ExportedTrace } from '../export/exporter.ts';

/**
 * What a reward function needs to score a reply by the reward service, as compact JSON: the task, the target's blob and the language. Trainers
 * pass one text through to the reward and nothing else for certain.
 */
export const answerOf = ({ trace: { job }, taskId }: ExportedTrace): string =>
  JSON.stringify({ task: taskId, target: job.target.image, language: job.language });
