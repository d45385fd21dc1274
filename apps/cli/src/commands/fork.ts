import { requireClient } from '../server/server.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readChanges, type ContinueOptions } from './interventions.ts';
import { describeJob } from './jobs.ts';

export interface ForkOptions extends ContinueOptions {
  name?: string;
  instructions?: string;
}

/** Submits the target of a job again with other settings: from a candidate's code, or where none is named as the job itself began. */
export async function fork(
  job: string,
  candidate: string | undefined,
  options: ForkOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { name, instructions } = options;
  const changes = readChanges(options);
  const client = await requireClient(options.server, terminal.settings);
  const forked = await client.forkJob(job, {
    ...changes,
    candidate: candidate ?? null,
    ...(name !== undefined && { name }),
    ...(instructions !== undefined && { instructions }),
  });
  terminal.data(options.json ? JSON.stringify(forked) : describeJob(forked, client.url));
  terminal.progress(`follow it with "pentimento watch ${forked.id}"`);
  return exitCodes.done;
}
