import { exitCodes, Fault, usageFault, type ExitCode } from '../fault.ts';
import { aborted, watchInterrupts } from '../interrupts.ts';
import { homeOf } from '../locations.ts';
import { runningServer, startRewardService, startServer } from '../server.ts';
import type { Terminal } from '../terminal.ts';

export interface ServeOptions {
  host?: string;
  port?: string;
  only?: string;
}

/** Runs the server in the foreground, with its log on stderr, until Ctrl-C. A second Ctrl-C does not wait for it. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.only !== undefined && options.only !== 'rewards') {
    throw usageFault(`A server cannot serve "${options.only}" only: --only takes rewards.`);
  }
  const environment = {
    ...terminal.environment,
    ...(options.host !== undefined && { PENTIMENTO_HOST: options.host }),
    ...(options.port !== undefined && { PENTIMENTO_PORT: options.port }),
  };
  if (!options.only) await refuseSecondServer(environment);
  using interrupts = watchInterrupts(terminal);
  const start = options.only ? startRewardService : startServer;
  const server = await start({ environment, signal: interrupts.first });
  terminal.progress(`serving${options.only ? ' rewards' : ''} at ${server.url} until Ctrl-C`);
  await Promise.race([aborted(interrupts.first), server.ended]);
  interrupts.second.addEventListener('abort', () => server.kill(), { once: true });
  await server.stop();
  return interrupts.first.aborted ? exitCodes.done : exitCodes.error;
}

async function refuseSecondServer(environment: Terminal['environment']): Promise<void> {
  const home = homeOf(environment);
  const running = await runningServer(home);
  if (!running) return;
  throw new Fault(
    `A server runs on ${home} already, at ${running.url} (process ${running.pid}): use it, or set PENTIMENTO_HOME to another folder.`,
  );
}
