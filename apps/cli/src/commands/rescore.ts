import type { Candidate } from '@pentimento/contracts';
import type { Client } from '@pentimento/client';
import { formatScore } from '../output/progress-formatter.ts';
import { requireClient } from '../server/server.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface RescoreOptions {
  server?: string;
  json?: boolean;
}

/** What became of one job's scores. */
interface RescoredJob {
  job: string;
  added: number;
  /** Candidates that had a score of this version. */
  unchanged: number;
  /** Largest difference between the added score and the one that the loop decided by. */
  maxChange: number;
}

/** Adds a score of the server's version to every candidate of the jobs, one after the other: running it again continues. */
export async function rescore(ids: string[], options: RescoreOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const version = (await client.listRewardVersions()).data[0]!.id;
  terminal.progress(`scoring by ${version}`);
  const jobs: RescoredJob[] = [];
  for (const id of ids) {
    const job = await rescoreJob(client, id);
    jobs.push(job);
    if (!options.json) terminal.data(sentence(job));
  }
  if (options.json) terminal.data(JSON.stringify({ version, jobs }));
  return exitCodes.done;
}

async function rescoreJob(client: Client, id: string): Promise<RescoredJob> {
  const result: RescoredJob = { job: id, added: 0, unchanged: 0, maxChange: 0 };
  for (const candidate of await client.listCandidates(id)) {
    const { reward, added } = await client.createRescore(candidate.id);
    result[added ? 'added' : 'unchanged'] += 1;
    result.maxChange = Math.max(result.maxChange, Math.abs(overallOf({ reward }) - overallOf(candidate)));
  }
  return result;
}

const overallOf = ({ reward }: Pick<Candidate, 'reward'>): number => reward.terms.overall;

const sentence = ({ job, added, unchanged, maxChange }: RescoredJob): string =>
  `${job}: ${added} scores added, ${unchanged} had one of this version; largest change ${formatScore(maxChange).trim()}`;
