import { exitCodes, Fault, type ExitCode } from '../fault.ts';
import { aborted, watchInterrupts } from '../interrupts.ts';
import { homeOf } from '../locations.ts';
import { runningServer, startServer } from '../server.ts';
import type { Terminal } from '../terminal.ts';

export interface ServeOptions {
  host?: string;
  port?: string;
}

/** Runs the server in the foreground, with its log on stderr, until Ctrl-C. A second Ctrl-C does not wait for it. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const environment = {
    ...terminal.environment,
    ...(options.host !== undefined && { PENTIMENTO_HOST: options.host }),
    ...(options.port !== undefined && { PENTIMENTO_PORT: options.port }),
  };
  const running = await runningServer(homeOf(environment));
  if (running) {
    throw new Fault(
      `A server runs on ${homeOf(environment)} already, at ${running.url} (process ${running.pid}): use it, or set PENTIMENTO_HOME to another folder.`,
    );
  }
  using interrupts = watchInterrupts(terminal);
  const server = await startServer({ environment, signal: interrupts.first });
  terminal.progress(`serving at ${server.url} until Ctrl-C`);
  await Promise.race([aborted(interrupts.first), server.ended]);
  interrupts.second.addEventListener('abort', () => server.kill(), { once: true });
  await server.stop();
  return interrupts.first.aborted ? exitCodes.done : exitCodes.error;
}
