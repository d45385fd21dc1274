import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Settings } from '../settings/settings.ts';

const redacted = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  '*.apiKey',
  '*.password',
  '*.databaseUrl',
  '*.connectionString',
];

/** Token of the process's pino logger. */
export const LOGGER = Symbol('Logger');

/** JSON lines on stderr: stdout belongs to data. Synchronous, so that a crash loses no line. */
export function createLogger(level: Settings['logLevel']): Logger {
  return pino({ level, redact: redacted }, destination({ dest: 2, sync: true }));
}

const requestIdHeader = 'x-request-id';
const acceptableId = /^[\w.:-]{1,100}$/;

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const sent = request.headers[requestIdHeader];
  const id = typeof sent === 'string' && acceptableId.test(sent) ? sent : randomUUID();
  response.setHeader(requestIdHeader, id);
  return id;
}

function levelOf(_request: IncomingMessage, response: ServerResponse, error?: Error): 'error' | 'info' | 'debug' {
  if (error || response.statusCode >= 500) return 'error';
  return response.statusCode >= 400 ? 'info' : 'debug';
}

/** Every request has an id in its log lines and in its reply; successes are logged at debug, refusals at info. */
export const requestLogging = (logger: Logger) =>
  pinoHttp({
    logger,
    genReqId: requestId,
    customLogLevel: levelOf,
    serializers: { req: ({ id, method, url }) => ({ id, method, url }), res: ({ statusCode }) => ({ statusCode }) },
  });

/** Passes Nest's lines on; its table of routes is for debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      if (message instanceof Error) logger[level]({ err: message, context: rest.at(-1) });
      else logger[level]({ context: rest.at(-1) }, String(message));
    };
  return { log: line('debug'), debug: line('debug'), verbose: line('debug'), warn: line('warn'), error: line('error') };
}
