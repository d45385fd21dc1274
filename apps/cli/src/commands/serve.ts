import { exitCodes, CliError, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { aborted, watchInterrupts } from '../terminal/interrupts.ts';
import { runningServer, startRewardService, startServer } from '../server/server.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface ServeOptions {
  host?: string;
  port?: string;
  only?: string;
}

/** Runs the server in the foreground, with its log on stderr, until Ctrl-C. A second Ctrl-C kills it. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.only !== undefined && options.only !== 'rewards') {
    throw usageError(`There is no part "${options.only}" to serve: --only takes rewards.`);
  }
  const environment = {
    ...terminal.environment,
    ...(options.host !== undefined && { PENTIMENTO_HOST: options.host }),
    ...(options.port !== undefined && { PENTIMENTO_PORT: options.port }),
  };
  const { home } = terminal.settings;
  if (!options.only) await refuseSecondServer(home);
  using interrupts = watchInterrupts(terminal);
  const start = options.only ? startRewardService : startServer;
  const server = await start({ home, environment, signal: interrupts.first });
  terminal.progress(`serving${options.only ? ' rewards' : ''} at ${server.url} until Ctrl-C`);
  await Promise.race([aborted(interrupts.first), server.ended]);
  interrupts.second.addEventListener('abort', () => server.kill(), { once: true });
  await server.stop();
  return interrupts.first.aborted ? exitCodes.done : exitCodes.error;
}

async function refuseSecondServer(home: string): Promise<void> {
  const running = await runningServer(home);
  if (!running) return;
  throw new CliError(
    `A server already runs on ${home}, at ${running.url} (process ${running.pid}): use it, or set PENTIMENTO_HOME to another folder.`,
  );
}
