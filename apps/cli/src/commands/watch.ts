import { ApiError, UnreachableError, type Client } from '@pentimento/client';
import { isFinal, type Job, type JobEvent, type PartialReply } from '@pentimento/contracts';
import { describeApiError } from '../output/api-error.ts';
import { exitCodes, CliError, type ExitCode } from '../terminal/cli-error.ts';
import { watchInterrupts, type Interrupts } from '../terminal/interrupts.ts';
import { exitCodeOf } from '../output/results.ts';
import { requireClient } from '../server/server.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ProgressFormatter } from '../output/progress-formatter.ts';
import { replyProgressLine } from '../output/reply-progress.ts';

export interface WatchOptions {
  server?: string;
  json?: boolean;
}

/** Follows a job from its first event to its end. Prints its lines, or its events as JSON lines, as data. */
export async function watch(id: string, options: WatchOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const job = await client.getJob(id);
  using interrupts = watchInterrupts(terminal);
  const formatter = new ProgressFormatter(terminal.colors);
  const print = (event: JobEvent): void => {
    const line = options.json ? JSON.stringify(event) : formatter.format(event);
    if (line !== undefined) terminal.data(line);
  };
  if (!isFinal(job.status)) terminal.progress(`watch it at ${client.url}${job.links.web}`);
  await follow(client, id, { signal: interrupts.first, print, hasStatus: !options.json }, terminal);
  return exitCodeOf(await client.getJob(id));
}

/** Prints a submitted job's progress. The first Ctrl-C cancels the job and waits for its end, the second leaves. */
export async function followToEnd(client: Client, job: Job, interrupts: Interrupts, terminal: Terminal): Promise<Job> {
  const cancel = (): void => {
    terminal.progress('canceling the job; finished iterations are kept (Ctrl-C again leaves at once)');
    client.cancelJob(job.id).catch((error: unknown) => terminal.progress(messageOf(error)));
  };
  const formatter = new ProgressFormatter(terminal.colors);
  const print = (event: JobEvent): void => {
    const line = formatter.format(event);
    if (line !== undefined) terminal.progress(line);
  };
  if (interrupts.first.aborted) cancel();
  interrupts.first.addEventListener('abort', cancel, { once: true });
  try {
    await follow(client, job.id, { signal: interrupts.second, print, hasStatus: true }, terminal);
  } finally {
    interrupts.first.removeEventListener('abort', cancel);
  }
  return client.getJob(job.id);
}

interface FollowOptions {
  signal: AbortSignal;
  print: (event: JobEvent) => void;
  /** Whether to show how far the replies are. */
  hasStatus: boolean;
}

async function follow(
  client: Client,
  id: string,
  { signal, print, hasStatus }: FollowOptions,
  terminal: Terminal,
): Promise<void> {
  const onRetry = (ms: number): void => terminal.progress(`  the connection was lost; trying again in ${ms} ms`);
  const onPartialReplies = (replies: readonly PartialReply[]): void => terminal.status(replyProgressLine(replies));
  try {
    const options = { signal, onRetry, ...(hasStatus && { onPartialReplies }) };
    for await (const event of client.tailEvents(id, options)) print(event);
  } catch (error) {
    if (!signal.aborted) throw error instanceof UnreachableError ? lost(id, error) : error;
    throw new CliError(`Stopped following ${id}; "pentimento watch ${id}" follows it again.`, {
      exitCode: exitCodes.interrupted,
    });
  } finally {
    terminal.status(null);
  }
}

const lost = (id: string, cause: UnreachableError): CliError =>
  new CliError(
    `The server at ${cause.url} does not answer. Once it is back, the job continues: follow it with "pentimento watch ${id}".`,
    { cause },
  );

const messageOf = (error: unknown): string =>
  error instanceof ApiError ? describeApiError(error) : (error as Error).message;
