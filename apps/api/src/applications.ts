import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { maxRewardRequestBytes, uploadLimits } from '@pentimento/contracts';
import type { IncomingMessage } from 'node:http';
import type { RewardServices, Services } from './composition/services.ts';
import { dashboardFolder } from './config/locations.ts';
import { serveDashboard } from './dashboard/dashboard.ts';
import { HttpModule } from './http.module.ts';
import { localOnly } from './http/local-only.ts';
import { openApiDocument } from './openapi/document.ts';
import { QueueModule } from './queue/queue.module.ts';
import { RewardHttpModule } from './rewards/reward-http.module.ts';
import { nestLogger, requestLogging } from './runtime/logging.ts';
import { ServicesModule } from './services.module.ts';

@Module({})
class RootModule {}

export function rootModule(
  services: Services,
  databaseUrl: string,
  has: { http: boolean; worker: boolean },
): DynamicModule {
  const { redisUrl } = services.environment;
  return {
    module: RootModule,
    imports: [
      ServicesModule.register(services),
      QueueModule.register({ redisUrl, databaseUrl, runsWorker: has.worker }),
      ...(has.http ? [HttpModule] : []),
    ],
  };
}

/** JSON escapes can make a megabyte of code several. */
const jsonLimit = 4 * uploadLimits.codeBytes;

/** The HTTP side, with the worker beside it where the settings say so. Not yet listening. */
export async function httpApplication(services: Services, databaseUrl: string): Promise<NestExpressApplication> {
  const { runsWorker } = services.environment;
  const languages = services.languages.map(({ id }) => id);
  const app = await createApplication(services, rootModule(services, databaseUrl, { http: true, worker: runsWorker }));
  app.use(serveDashboard(dashboardFolder));
  readBodies(app);
  app.useBodyParser('raw', { type: ['image/*', 'application/octet-stream'], limit: uploadLimits.bytes });
  SwaggerModule.setup('docs', app, () => openApiDocument(app, languages), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
  });
  await app.init();
  return app;
}

/** The reward service alone. Not yet listening. */
export async function rewardApplication(services: RewardServices): Promise<NestExpressApplication> {
  const imports = [ServicesModule.register(services), RewardHttpModule];
  const app = await createApplication(services, { module: RootModule, imports });
  readBodies(app);
  await app.init();
  return app;
}

async function createApplication(services: RewardServices, module: DynamicModule): Promise<NestExpressApplication> {
  const { allowedHosts, allowedOrigins } = services.environment;
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: nestLogger(services.logger),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use(requestLogging(services.logger));
  app.use(localOnly({ hosts: allowedHosts, origins: allowedOrigins }));
  if (allowedOrigins.length > 0)
    app.enableCors({ origin: allowedOrigins, exposedHeaders: ['Location', 'X-Request-Id', 'Retry-After'] });
  return app;
}

/** Items to score bring their images with them; any other JSON is small. */
function readBodies(app: NestExpressApplication): void {
  app.useBodyParser('json', { type: isScoring, limit: maxRewardRequestBytes });
  app.useBodyParser('json', { limit: jsonLimit });
}

const isScoring = ({ url, headers }: IncomingMessage): boolean =>
  /^\/v1\/rewards\/score\/?(\?|$)/i.test(url ?? '') && /^application\/json\b/i.test(headers['content-type'] ?? '');

/** The queue side alone. */
export async function workerApplication(services: Services, databaseUrl: string): Promise<INestApplicationContext> {
  const module = rootModule(services, databaseUrl, { http: false, worker: true });
  return NestFactory.createApplicationContext(module, { logger: nestLogger(services.logger), abortOnError: false });
}
