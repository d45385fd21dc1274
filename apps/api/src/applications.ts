import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { maxEnvironmentRequestBytes, maxRewardRequestBytes } from '@pentimento/api-contracts';
import { uploadLimits } from '@pentimento/contracts';
import { maxChatRequestBytes } from './protocols/chat-completion.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rewardsModule, serverModule, workerModule } from './app.modules.ts';
import { checkJsonBounds } from './http/json-bounds.ts';
import { largeJson } from './http/large-json.ts';
import { localOnly } from './http/local-only.ts';
import { sameAccount } from './http/same-account.ts';
import { openApiDocument } from './openapi/document.ts';
import { documentationPolicy } from './openapi/documentation-policy.ts';
import { nestLogger, requestLogging } from './runtime/logging.ts';
import type { Runtime } from './runtime/run.ts';

/** JSON escapes can make a megabyte of code several. */
const jsonLimit = 4 * uploadLimits.codeBytes;

/** The server. Not yet listening. */
export async function serverApplication(runtime: Runtime, databaseUrl: string): Promise<NestExpressApplication> {
  const app = await httpApplication(runtime, serverModule(runtime, databaseUrl));
  app.useBodyParser('raw', { type: ['image/*', 'application/octet-stream'], limit: uploadLimits.bytes });
  const languages = runtime.languages.map(({ id }) => id);
  app.use('/docs', documentationPolicy);
  SwaggerModule.setup('docs', app, () => openApiDocument(app, languages), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
  });
  return app.init();
}

/** The reward service. Not yet listening. */
export async function rewardsApplication(runtime: Runtime): Promise<NestExpressApplication> {
  const app = await httpApplication(runtime, rewardsModule(runtime));
  return app.init();
}

/** The worker, which takes jobs as soon as it is made. */
export function workerApplication(runtime: Runtime, databaseUrl: string): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(workerModule(runtime, databaseUrl), {
    logger: nestLogger(runtime.logger),
    abortOnError: false,
  });
}

async function httpApplication({ settings, logger }: Runtime, module: DynamicModule): Promise<NestExpressApplication> {
  const { allowedHosts, allowedOrigins, accounts } = settings;
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use(requestLogging(logger));
  if (accounts) app.use(sameAccount(accounts));
  app.use(localOnly({ hosts: allowedHosts, origins: allowedOrigins }));
  if (allowedOrigins.length > 0)
    app.enableCors({ origin: allowedOrigins, exposedHeaders: ['Location', 'X-Request-Id', 'Retry-After'] });
  // Items to score, tasks and conversations include their images; any other JSON is small.
  for (const { path, limit } of largeBodies) app.useBodyParser('raw', { type: jsonTo(path), limit });
  app.use(largeJson());
  app.useBodyParser('json', { ...boundedJson, limit: jsonLimit });
  return app;
}

/** Requests whose JSON may have many megabytes. */
const largeBodies = [
  { path: /^\/v1\/(rewards\/score|compat\/[\w/]+)$/i, limit: maxRewardRequestBytes },
  { path: /^\/v1\/environments\/[^/]+\/(reset|step)$/i, limit: maxEnvironmentRequestBytes },
  { path: /^\/v1\/chat\/completions$/i, limit: maxChatRequestBytes },
];

const boundedJson = {
  verify: (_request: IncomingMessage, _response: ServerResponse, bytes: Buffer) =>
    checkJsonBounds(bytes.toString('latin1')),
};

const jsonTo =
  (path: RegExp) =>
  ({ url = '', headers }: IncomingMessage): boolean =>
    path.test(url.replace(/\/?(\?.*)?$/, '')) && /^application\/json\b/i.test(headers['content-type'] ?? '');
