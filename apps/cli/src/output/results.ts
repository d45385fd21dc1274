import type { Iteration, Job, StopReason } from '@pentimento/contracts';
import type { Client } from '@pentimento/client';
import { join } from 'node:path';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import { save } from '../input/files.ts';
import { fileExtensionOf } from '../input/languages.ts';

/** What `refine --json` prints: one object. `best` is null where nothing rendered. */
export interface RefineSummary {
  jobId: string;
  outcome: Job['outcome'];
  stopReason: StopReason | null;
  iterations: { iteration: number; kind: Iteration['kind']; score: number | null; best: number | null }[];
  best: { score: number; code: string } | null;
}

/** Saves the best code, its render and the trajectory in a folder, and returns the job's summary. */
export async function saveResults(client: Client, job: Job, folder: string): Promise<RefineSummary> {
  const iterations = await client.listIterations(job.id);
  await save(join(folder, 'trajectory.json'), `${JSON.stringify({ job, iterations }, null, 2)}\n`);
  const codePath = join(folder, `best.${fileExtensionOf(job.language)}`);
  if (job.best) {
    await save(codePath, await client.getBlob(job.best.code));
    await save(join(folder, 'best.png'), await client.getBlob(job.best.image));
  }
  return {
    jobId: job.id,
    outcome: job.outcome,
    stopReason: job.stopReason,
    iterations: iterations.map(({ index, kind, best }) => ({
      iteration: index,
      kind,
      score: job.scores[index] ?? null,
      best: best?.overall ?? null,
    })),
    best: job.best && { score: job.best.overall, code: codePath },
  };
}

/** 0 where the threshold was met, 1 where the job failed, 3 where it ended below the threshold. */
export function exitCodeOf(job: Job): ExitCode {
  if (job.status === 'failed') return exitCodes.error;
  return job.outcome === 'threshold_met' ? exitCodes.done : exitCodes.belowThreshold;
}
