import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { rootModule } from '../applications.ts';
import type { Services } from '../composition/services.ts';
import { readEnvironment } from '../config/environment.ts';
import { openApiDocument } from './document.ts';

/** The API's description, from its decorators alone: nothing is started or connected. */
export async function describeApi(): Promise<string> {
  const services = { environment: readEnvironment({}) } as Services;
  const module = rootModule(services, 'postgresql://localhost/none', { http: true, worker: false });
  const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}
