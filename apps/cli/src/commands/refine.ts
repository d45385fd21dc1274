import { mkdir } from 'node:fs/promises';
import { createJobSchema, type CreateJobInput, type Job } from '@pentimento/contracts';
import type { Client, TargetFile } from '@pentimento/client';
import { basename, join, resolve } from 'node:path';
import { describeIssues } from '../output/api-error.ts';
import { exitCodes, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { readCode, readImage } from '../input/files.ts';
import { aborted, watchInterrupts, type Interrupts } from '../terminal/interrupts.ts';
import { readLanguage } from '../input/languages.ts';
import { policyAndBudget } from '../input/policy-options.ts';
import { exitCodeOf, saveResults } from '../output/results.ts';
import type { OwnServer } from '../server/server.ts';
import { withServer } from '../server/with-server.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { followToEnd } from './watch.ts';

/** The other fields of the policy and of the budget are read by `policyAndBudget`. */
export interface RefineOptions {
  language: string;
  model?: string;
  profile?: string;
  minimums?: Record<string, number>;
  deviceScale?: number;
  code?: string;
  instructions?: string;
  policyVersion?: string;
  out?: string;
  json?: boolean;
  server?: string;
  keepServing?: boolean;
}

/** Submits an image, follows the job to its end and saves the results. Starts its own server where none runs. */
export async function refine(image: string, options: RefineOptions, terminal: Terminal): Promise<ExitCode> {
  const request = await readRequest(options);
  const target: TargetFile = { name: basename(image), content: await readImage(image) };
  using interrupts = watchInterrupts(terminal);
  return await withServer({ option: options.server, interrupts, terminal }, async (client, own) => {
    const code = await refineOn(client, request, target, options, interrupts, terminal);
    if (!options.keepServing) return code;
    if (own) return serveOn(own, interrupts, terminal);
    terminal.progress(`the server at ${client.url} was running before and keeps running`);
    return code;
  });
}

async function readRequest(options: RefineOptions): Promise<CreateJobInput> {
  const { model, deviceScale, instructions, policyVersion } = options;
  const parsed = createJobSchema.safeParse({
    language: readLanguage(options.language),
    ...(model !== undefined && { model }),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(instructions !== undefined && { instructions }),
    ...(deviceScale !== undefined && { deviceScale }),
    ...(options.code !== undefined && { code: await readCode(options.code) }),
    ...policyAndBudget(options),
  });
  const problems = [...(parsed.success ? [] : [describeIssues(parsed.error)]), ...(await problemsOfTerms(options))];
  if (!parsed.success || problems.length > 0) throw usageError(problems.join('\n'));
  return parsed.data;
}

/** The terms are loaded only where one is named. */
async function problemsOfTerms({ profile, minimums = {} }: RefineOptions): Promise<string[]> {
  const named = [
    ...(profile === undefined ? [] : [{ flag: '--profile', term: profile }]),
    ...Object.keys(minimums).map((term) => ({ flag: '--minimums', term })),
  ];
  if (named.length === 0) return [];
  const { termInfos } = await import('@pentimento/reward');
  const ids = termInfos().flatMap(({ id, threshold }) => (threshold ? [id] : []));
  return named
    .filter(({ term }) => !ids.includes(term))
    .map(({ flag, term }) => `${flag}: "${term}" is none of ${ids.map((id) => `"${id}"`).join('|')}`);
}

async function refineOn(
  client: Client,
  request: CreateJobInput,
  target: TargetFile,
  options: RefineOptions,
  interrupts: Interrupts,
  terminal: Terminal,
): Promise<ExitCode> {
  await warnOfWeakIsolation(client, request, terminal);
  const created = await client.createJob(request, target);
  terminal.progress(`watch it at ${client.url}${created.links.web}`);
  const { deviceScale } = created.target;
  if (request.deviceScale === undefined && deviceScale !== 1)
    terminal.progress(
      `the image's density says that it shows a screen of scale ${deviceScale}: give --device-scale 1 if it does not`,
    );
  const job = await followToEnd(client, created, interrupts, terminal);
  const folder = options.out ? resolve(options.out) : await resultsFolder(terminal.settings.home, job);
  const summary = await saveResults(client, job, folder);
  if (options.json) terminal.data(JSON.stringify(summary));
  else if (summary.best) terminal.data(summary.best.code);
  if (job.error) terminal.progress(job.error.message);
  return exitCodeOf(job);
}

/** A folder in the home, which no other account can enter. */
async function resultsFolder(home: string, { id }: Job): Promise<string> {
  const results = join(home, 'results');
  await mkdir(results, { recursive: true, mode: 0o700 });
  return join(results, id);
}

/** Warns in one line where the code will run without a sandbox. */
async function warnOfWeakIsolation(client: Client, request: CreateJobInput, terminal: Terminal): Promise<void> {
  const state = (await client.listLanguages()).find(({ id }) => id === request.language);
  if (state?.available && state.isolation !== 'sandbox' && state.reason) terminal.progress(state.reason);
}

async function serveOn(server: OwnServer, interrupts: Interrupts, terminal: Terminal): Promise<ExitCode> {
  if (interrupts.first.aborted) return exitCodes.interrupted;
  terminal.progress(`serving at ${server.url} until Ctrl-C`);
  await Promise.race([aborted(interrupts.first), server.ended]);
  return interrupts.first.aborted ? exitCodes.done : exitCodes.error;
}
