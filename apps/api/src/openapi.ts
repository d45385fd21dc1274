import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { languages } from '@pentimento/render/languages';
import { serverModule } from './app.modules.ts';
import { openApiDocument } from './openapi/document.ts';
import type { Runtime } from './runtime/run.ts';
import { repository } from './settings/locations.ts';
import { readSettings } from './settings/settings.ts';

/**
 * Writes `apps/api/openapi.json` from the API's decorators and schemas. With `--check` it only compares the committed file
 * with them, and exits with 1 where they differ. Starts and connects nothing.
 */
const path = join(repository, 'apps/api/openapi.json');
const described = await describeApi();
if (!process.argv.includes('--check')) {
  await writeFile(path, described);
} else if ((await readFile(path, 'utf8').catch(() => '')) !== described) {
  process.stderr.write('apps/api/openapi.json differs from the API: run "node apps/api/dist/openapi.js".\n');
  process.exitCode = 1;
}

async function describeApi(): Promise<string> {
  const runtime = { settings: readSettings({ PENTIMENTO_WORKER: 'off' }), languages } as Runtime;
  const module = serverModule(runtime, 'postgresql://localhost/none');
  const ids = languages.map(({ id }) => id);
  const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  return `${JSON.stringify(openApiDocument(app, ids), null, 2)}\n`;
}
