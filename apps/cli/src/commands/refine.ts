import { createJobSchema, type CreateJobInput } from '@pentimento/contracts';
import { Client, type TargetFile } from '@pentimento/client';
import { basename, join, resolve } from 'node:path';
import { describeIssues } from '../api-error.ts';
import { exitCodes, Fault, usageFault, type ExitCode } from '../fault.ts';
import { readCode, readImage } from '../files.ts';
import { aborted, watchInterrupts, type Interrupts } from '../interrupts.ts';
import { readLanguage } from '../languages.ts';
import { homeOf } from '../locations.ts';
import { exitCodeOf, saveResults } from '../results.ts';
import { findServer, startServer, type OwnServer } from '../server.ts';
import type { Terminal } from '../terminal.ts';
import { followToEnd } from './watch.ts';

export interface RefineOptions {
  language: string;
  model?: string;
  threshold?: number;
  profile?: string;
  maxIterations?: number;
  candidates?: number;
  deviceScale?: number;
  code?: string;
  instructions?: string;
  out?: string;
  json?: boolean;
  server?: string;
  keepServing?: boolean;
}

/** Submits an image, follows the job to its end and saves what came of it. Starts a server of its own where none runs. */
export async function refine(image: string, options: RefineOptions, terminal: Terminal): Promise<ExitCode> {
  const request = await readRequest(options);
  const target: TargetFile = { name: basename(image), content: await readImage(image) };
  using interrupts = watchInterrupts(terminal);
  const url = await findServer(options.server, terminal.environment);
  if (url) {
    const code = await refineOn(new Client({ url }), request, target, options, interrupts, terminal);
    if (options.keepServing) terminal.progress(`the server at ${url} was there before and goes on serving`);
    return code;
  }

  const server = await startOwn(interrupts, terminal);
  try {
    const code = await Promise.race([
      refineOn(new Client({ url: server.url }), request, target, options, interrupts, terminal),
      server.ended.then((how) => Promise.reject(new Fault(`The server ended in the middle of the job. ${how}`))),
    ]);
    return options.keepServing ? await serveOn(server, interrupts, terminal) : code;
  } finally {
    if (interrupts.second.aborted) server.kill();
    await server.stop();
  }
}

async function readRequest(options: RefineOptions): Promise<CreateJobInput> {
  const { model, threshold, profile, maxIterations, candidates, deviceScale, instructions } = options;
  const parsed = createJobSchema.safeParse({
    language: readLanguage(options.language),
    ...(model !== undefined && { model }),
    ...(instructions !== undefined && { instructions }),
    ...(deviceScale !== undefined && { deviceScale }),
    ...(options.code !== undefined && { code: await readCode(options.code) }),
    policy: {
      ...(threshold !== undefined && { threshold }),
      ...(profile !== undefined && { profile }),
      ...(maxIterations !== undefined && { maxIterations }),
      ...(candidates !== undefined && { candidates }),
    },
  });
  if (!parsed.success) throw usageFault(describeIssues(parsed.error));
  return parsed.data;
}

async function startOwn(interrupts: Interrupts, terminal: Terminal): Promise<OwnServer> {
  const { environment } = terminal;
  const log = join(homeOf(environment), 'server.log');
  try {
    return await startServer({ environment, signal: interrupts.first, log });
  } catch (error) {
    if (interrupts.first.aborted) throw new Fault('Stopped before the job began.', { exitCode: exitCodes.interrupted });
    throw error;
  }
}

async function refineOn(
  client: Client,
  request: CreateJobInput,
  target: TargetFile,
  options: RefineOptions,
  interrupts: Interrupts,
  terminal: Terminal,
): Promise<ExitCode> {
  await sayIsolation(client, request, terminal);
  const created = await client.createJob(request, target);
  terminal.progress(`watch it at ${client.url}${created.links.web}`);
  const job = await followToEnd(client, created, interrupts, terminal);
  const folder = resolve(options.out ?? join(homeOf(terminal.environment), 'results', job.id));
  const summary = await saveResults(client, job, folder);
  if (options.json) terminal.data(JSON.stringify(summary));
  else if (summary.best) terminal.data(summary.best.code);
  if (job.error) terminal.progress(job.error.message);
  return exitCodeOf(job);
}

/** A weaker wall than the sandbox is said, in one line. */
async function sayIsolation(client: Client, request: CreateJobInput, terminal: Terminal): Promise<void> {
  const state = (await client.listLanguages()).find(({ id }) => id === request.language);
  if (state?.available && state.isolation !== 'sandbox' && state.reason) terminal.progress(state.reason);
}

async function serveOn(server: OwnServer, interrupts: Interrupts, terminal: Terminal): Promise<ExitCode> {
  if (interrupts.first.aborted) return exitCodes.interrupted;
  terminal.progress(`serving at ${server.url} until Ctrl-C`);
  await Promise.race([aborted(interrupts.first), server.ended]);
  return interrupts.first.aborted ? exitCodes.done : exitCodes.error;
}
