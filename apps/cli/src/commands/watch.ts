import { ApiError, UnreachableError, type Client } from '@pentimento/client';
import { isFinal, type Job, type JobEvent } from '@pentimento/contracts';
import { describeApiError } from '../api-error.ts';
import { exitCodes, Fault, type ExitCode } from '../fault.ts';
import { watchInterrupts, type Interrupts } from '../interrupts.ts';
import { exitCodeOf } from '../results.ts';
import { requireClient } from '../server.ts';
import type { Terminal } from '../terminal.ts';
import { TrajectoryLines } from '../trajectory-lines.ts';

export interface WatchOptions {
  server?: string;
  json?: boolean;
}

/** Follows a job from its first event to its end. Its lines, or its events as JSON lines, are the data. */
export async function watch(id: string, options: WatchOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.environment);
  const job = await client.getJob(id);
  using interrupts = watchInterrupts(terminal);
  const lines = new TrajectoryLines(terminal.colours);
  const print = (event: JobEvent): void => {
    const line = options.json ? JSON.stringify(event) : lines.lineOf(event);
    if (line !== undefined) terminal.data(line);
  };
  if (!isFinal(job.status)) terminal.progress(`watch it at ${client.url}${job.links.web}`);
  await follow(client, id, interrupts.first, print, terminal);
  return exitCodeOf(await client.getJob(id));
}

/** Prints a submitted job's lines as it goes on. The first Ctrl-C cancels the job and waits for its end, the second leaves. */
export async function followToEnd(client: Client, job: Job, interrupts: Interrupts, terminal: Terminal): Promise<Job> {
  const cancel = (): void => {
    terminal.progress('canceling the job; finished iterations are kept (Ctrl-C again leaves at once)');
    client.cancelJob(job.id).catch((error: unknown) => terminal.progress(messageOf(error)));
  };
  const lines = new TrajectoryLines(terminal.colours);
  const print = (event: JobEvent): void => {
    const line = lines.lineOf(event);
    if (line !== undefined) terminal.progress(line);
  };
  if (interrupts.first.aborted) cancel();
  interrupts.first.addEventListener('abort', cancel, { once: true });
  try {
    await follow(client, job.id, interrupts.second, print, terminal);
  } finally {
    interrupts.first.removeEventListener('abort', cancel);
  }
  return client.getJob(job.id);
}

async function follow(
  client: Client,
  id: string,
  signal: AbortSignal,
  print: (event: JobEvent) => void,
  terminal: Terminal,
): Promise<void> {
  const onRetry = (ms: number): void => terminal.progress(`  the connection was lost; trying again in ${ms} ms`);
  try {
    for await (const event of client.tailEvents(id, { signal, onRetry })) print(event);
  } catch (error) {
    if (!signal.aborted) throw error instanceof UnreachableError ? lost(id, error) : error;
    throw new Fault(`Left ${id} to itself; "pentimento watch ${id}" follows it again.`, {
      exitCode: exitCodes.interrupted,
    });
  }
}

const lost = (id: string, cause: UnreachableError): Fault =>
  new Fault(
    `The server at ${cause.url} stays away. Once it is back, the job goes on: follow it with "pentimento watch ${id}".`,
    { cause },
  );

const messageOf = (error: unknown): string =>
  error instanceof ApiError ? describeApiError(error) : (error as Error).message;
