import type { Logger } from 'pino';
import sharp from 'sharp';
import { loadSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { StartError } from '../settings/start-error.ts';
import type { Languages } from './languages.ts';
import { killAfter } from './kill-after.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger } from './logging.ts';

/** What every program has before its modules are made. */
export interface Runtime {
  settings: Settings;
  /** What jobs, renders and scores may be written in. */
  languages: Languages;
  lifecycle: Lifecycle;
  logger: Logger;
}

/**
 * Runs a program until SIGTERM or SIGINT, then closes it in order and exits with 0; it is killed where closing does not end. Prints what keeps it from starting in
 * plain sentences on stderr and exits with 1; an uncaught error closes it too and exits with 1.
 */
export async function run(languages: Languages, start: (runtime: Runtime) => Promise<void>): Promise<void> {
  const settings = await loadSettings(process.env).catch(exitWithError);
  // Every image is decoded once, so sharp's cache would only hold memory.
  sharp.cache(false);
  const logger = createLogger(settings.logLevel);
  const lifecycle = new Lifecycle(logger, settings.shutdownMs);
  let closing: Promise<never> | undefined;
  const close = (code: number) => (closing ??= closeAll(lifecycle).then(() => process.exit(code)));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      logger.info(`${signal}: shutting down.`);
      void close(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, 'Uncaught error.');
      void close(1);
    });
  }
  try {
    await start({ settings, languages, lifecycle, logger });
  } catch (error) {
    print(error);
    await close(1);
  }
}

/** Beyond what closing may take. */
const killMarginMs = 5_000;

function closeAll(lifecycle: Lifecycle): Promise<void> {
  killAfter(lifecycle.maxMs + killMarginMs);
  return lifecycle.close();
}

function print(error: unknown): void {
  const text = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
}

function exitWithError(error: unknown): never {
  print(error);
  process.exit(1);
}
