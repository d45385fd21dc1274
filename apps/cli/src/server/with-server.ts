import { Client } from '@pentimento/client';
import { join } from 'node:path';
import { exitCodes, CliError, type ExitCode } from '../terminal/cli-error.ts';
import type { Interrupts } from '../terminal/interrupts.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { findServer, startServer, type OwnServer } from './server.ts';

export interface ServerUse {
  /** `--server` of the command. */
  option: string | undefined;
  interrupts: Interrupts;
  terminal: Terminal;
}

/**
 * Runs `work` with the server that is named or runs over the home; where there is none, with one that this command starts and
 * stops, which `work` is given too.
 */
export async function withServer(
  { option, interrupts, terminal }: ServerUse,
  work: (client: Client, own: OwnServer | undefined) => Promise<ExitCode>,
): Promise<ExitCode> {
  const url = await findServer(option, terminal.settings);
  if (url) return work(new Client({ url }), undefined);

  const server = await startOwn(interrupts, terminal);
  try {
    return await Promise.race([
      work(new Client({ url: server.url }), server),
      server.ended.then((how) => Promise.reject(new CliError(`The server exited before the command was done. ${how}`))),
    ]);
  } finally {
    if (interrupts.second.aborted) server.kill();
    await server.stop();
  }
}

async function startOwn(interrupts: Interrupts, terminal: Terminal): Promise<OwnServer> {
  const { environment, settings } = terminal;
  const { home } = settings;
  const log = join(home, 'server.log');
  try {
    return await startServer({ home, environment, signal: interrupts.first, log });
  } catch (error) {
    if (interrupts.first.aborted)
      throw new CliError('Stopped before the server was ready.', { exitCode: exitCodes.interrupted });
    throw error;
  }
}
