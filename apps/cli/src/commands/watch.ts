import { isFinal, type Job, type JobEvent } from '@pentimento/contracts';
import type { Client } from '../client.ts';
import { exitCodes, Fault, type ExitCode } from '../fault.ts';
import { followEvents } from '../follow.ts';
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
    client.cancelJob(job.id).catch((error: Error) => terminal.progress(error.message));
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
  const onCut = (ms: number): void => terminal.progress(`  the connection was lost; trying again in ${ms} ms`);
  try {
    for await (const event of followEvents(client, id, { signal, onCut })) print(event);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Fault(`Left ${id} to itself; "pentimento watch ${id}" follows it again.`, {
      exitCode: exitCodes.interrupted,
    });
  }
}
