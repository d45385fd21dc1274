import { requiredScores, termWords, type Job } from '@pentimento/contracts';
import type { Client } from '@pentimento/client';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import { requireClient } from '../server/server.ts';
import { table, type Terminal } from '../terminal/terminal.ts';
import { formatDuration, formatScore } from '../output/progress-formatter.ts';
import { forEachId } from './each-id.ts';

export interface JobOptions {
  server?: string;
  json?: boolean;
}

export interface ListOptions extends JobOptions {
  limit?: string;
  cursor?: string;
  status?: string;
  kind?: string;
  language?: string;
  model?: string;
  tag?: string;
  search?: string;
}

/** Lists the newest jobs first, one line each. */
export async function list(options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const { server, json, ...filters } = options;
  const client = await requireClient(server, terminal.settings);
  const page = await client.listJobs(filters);
  if (json) {
    terminal.data(JSON.stringify(page));
    return exitCodes.done;
  }
  if (page.data.length === 0)
    terminal.progress('No job matches. Submit one with "pentimento refine IMAGE --language L".');
  else
    terminal.data(table([['JOB', 'STATE', 'BEST', 'ITERATIONS', 'LANGUAGE', 'MODEL', 'NAME'], ...page.data.map(row)]));
  if (page.nextCursor) terminal.progress(`There are more: add --cursor ${page.nextCursor}`);
  return exitCodes.done;
}

function row(job: Job): string[] {
  const done = `${job.scores.length}/${job.policy.maxIterations}`;
  return [job.id, stateOf(job), formatScore(job.best?.overall ?? null).trim(), done, job.language, job.model, job.name];
}

/** The outcome if any, because `succeeded` does not say whether the threshold was met. */
const stateOf = (job: Job): string =>
  job.status === 'succeeded' && job.outcome ? job.outcome.replace('_', ' ') : job.status;

export const get = (id: string, options: JobOptions, terminal: Terminal): Promise<ExitCode> =>
  showJob((client) => client.getJob(id), options, terminal);

/** Idempotent: a job that has ended stays as it is. */
export const cancel = (id: string, options: JobOptions, terminal: Terminal): Promise<ExitCode> =>
  showJob((client) => client.cancelJob(id), options, terminal);

/** A failed or canceled job continues after its last finished iteration. */
export const retry = (id: string, options: JobOptions, terminal: Terminal): Promise<ExitCode> =>
  showJob((client) => client.retryJob(id), options, terminal);

/** Prints the ids that were deleted. An id that cannot be deleted is reported, and the others are deleted. */
export async function remove(ids: string[], options: JobOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  return forEachId(ids, (id) => client.deleteJob(id), { name: 'deleted', json: options.json }, terminal);
}

async function showJob(
  act: (client: Client) => Promise<Job>,
  options: JobOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const job = await act(client);
  terminal.data(options.json ? JSON.stringify(job) : describeJob(job, client.url));
  return exitCodes.done;
}

/** "0.97, worst tile 0.9". */
const thresholdOf = (policy: Job['policy']): string =>
  requiredScores(policy)
    .map(({ term, minimum }) => (term === 'overall' ? String(minimum) : `${termWords(term)} ${minimum}`))
    .join(', ');

/** A job as rows for people. */
export function describeJob(job: Job, url: string): string {
  const { width, height, deviceScale } = job.target;
  const density = deviceScale === 1 ? '' : `, ${deviceScale}x`;
  const spent = `${job.spent.inputTokens} tokens in, ${job.spent.outputTokens} out, ${formatDuration(job.spent.seconds * 1000)}`;
  const rows = [
    ['job', job.id],
    ['name', `${job.name} (${width} x ${height}${density})`],
    ['state', stateOf(job)],
    ['why', job.error?.message ?? job.stopDetail ?? ''],
    ['language', job.language],
    ['model', job.model],
    [
      'best',
      job.best ? `${formatScore(job.best.overall)} at iteration ${job.best.iteration}, ${job.best.candidate}` : '',
    ],
    ['threshold', thresholdOf(job.policy)],
    ['scores', job.scores.map((score) => formatScore(score).trim()).join(' ')],
    ['spent', spent],
    ['forked from', job.forkedFrom ? [job.forkedFrom.job, job.forkedFrom.candidate ?? ''].join(' ').trim() : ''],
    ['tags', job.tags.join(' ')],
    ['web', url + job.links.web],
  ];
  return table(rows.filter(([, value]) => value !== ''));
}
