import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { languages } from '@pentimento/render/languages';
import { rootModule } from './applications.ts';
import type { Services } from './composition/services.ts';
import { readEnvironment } from './config/environment.ts';
import { repository } from './config/locations.ts';
import { openApiDocument } from './openapi/document.ts';

/**
 * Writes `apps/api/openapi.json` from the API's decorators and schemas; with `--check` it only tells whether the
 * committed file says the same, exit 1 where not. Nothing is started or connected.
 */
const path = join(repository, 'apps/api/openapi.json');
const described = await describeApi();
if (!process.argv.includes('--check')) {
  await writeFile(path, described);
} else if ((await readFile(path, 'utf8').catch(() => '')) !== described) {
  process.stderr.write('apps/api/openapi.json is not what the API does: run "node apps/api/dist/openapi.js".\n');
  process.exitCode = 1;
}

async function describeApi(): Promise<string> {
  const services = { environment: readEnvironment({}) } as Services;
  const module = rootModule(services, 'postgresql://localhost/none', { http: true, worker: false });
  const ids = languages.map(({ id }) => id);
  const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  return `${JSON.stringify(openApiDocument(app, ids), null, 2)}\n`;
}
