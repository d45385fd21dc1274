import type { Logger } from 'pino';
import { checkedEnvironment } from '../config/faults.ts';
import type { Environment } from '../config/environment.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger } from './logging.ts';
import { StartError } from './start-error.ts';

export interface Start {
  environment: Environment;
  lifecycle: Lifecycle;
  logger: Logger;
}

/**
 * Runs a program until SIGTERM or SIGINT, then closes it in order and exits 0. What keeps it from starting is said in
 * plain sentences on stderr, exit 1; an error that nobody caught closes it too, exit 1.
 */
export async function run(start: (setting: Start) => Promise<void>): Promise<void> {
  const environment = await checkedEnvironment(process.env).catch(refuse);
  const logger = createLogger(environment.logLevel);
  const lifecycle = new Lifecycle(logger, environment.shutdownMs);
  let closing: Promise<never> | undefined;
  const close = (code: number) => (closing ??= lifecycle.close().then(() => process.exit(code)));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      logger.info(`${signal}: shutting down.`);
      void close(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, 'An error that nobody caught.');
      void close(1);
    });
  }
  try {
    await start({ environment, lifecycle, logger });
  } catch (error) {
    say(error);
    await close(1);
  }
}

function say(error: unknown): void {
  const text = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
}

function refuse(error: unknown): never {
  say(error);
  process.exit(1);
}
