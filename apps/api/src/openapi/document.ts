import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import {
  renderSubmissionSchema,
  resetEnvironmentSchema,
  rewardRequestSchema,
  stepEnvironmentSchema,
} from '@pentimento/api-contracts';
import {
  createJobSchema,
  groundTruthSchema,
  jobEventSchema,
  problemSchema,
  type Language,
} from '@pentimento/contracts';
import { chatRequestSchema } from '../protocols/chat-completion.ts';
import {
  llamaFactoryRequestSchema,
  nemoSeedSessionRequestSchema,
  nemoVerifyRequestSchema,
  openRlhfRequestSchema,
  slimeRequestSchema,
} from '../protocols/reward-servers.ts';
import { z } from 'zod';
import { version } from '../settings/version.ts';

type Schema = Record<string, unknown>;

/** A schema and those it names, as OpenAPI components. */
function componentsOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, Schema> {
  const { definitions = {}, ...own } = z.toJSONSchema(schema, { target: 'openapi-3.0', io }) as Schema & {
    definitions?: Record<string, Schema>;
  };
  const id = schema.meta()?.['id'] as string;
  // A schema that names others is among the definitions itself, and `own` only refers to it.
  const components = JSON.stringify({ [id]: own, ...definitions });
  return JSON.parse(components.replaceAll('#/definitions/', '#/components/schemas/')) as Record<string, Schema>;
}

const jobForm: Schema = {
  type: 'object',
  description: 'The file "target", and the request as one JSON part "request", as single fields over it, or both.',
  required: ['target'],
  properties: {
    target: { type: 'string', format: 'binary' },
    request: { $ref: '#/components/schemas/CreateJob' },
    code: { type: 'string', description: 'Your own initial code, as text or as a file.' },
  },
  additionalProperties: {
    type: 'string',
    description: 'A field of the request, e.g. "language", "policy.threshold", "budget.maxSeconds".',
  },
};

/** The requests of trainers, by their paths below `/v1/compat`. */
const compatRequests = {
  openrlhf: openRlhfRequestSchema,
  slime: slimeRequestSchema,
  llamafactory: llamaFactoryRequestSchema,
  'nemo/seed_session': nemoSeedSessionRequestSchema,
  'nemo/verify': nemoVerifyRequestSchema,
};

const binary: Schema = { type: 'string', format: 'binary' };

/** What the decorators cannot say: bodies that are not JSON, and the schemas that only media types name. */
function complete(document: OpenAPIObject, languages: readonly Language[]): OpenAPIObject {
  const schemas: Record<string, Schema> = {
    ...componentsOf(problemSchema, 'output'),
    ...componentsOf(jobEventSchema, 'output'),
    ...componentsOf(createJobSchema, 'input'),
    ...componentsOf(chatRequestSchema, 'input'),
    ...componentsOf(rewardRequestSchema, 'input'),
    ...componentsOf(renderSubmissionSchema, 'input'),
    ...componentsOf(groundTruthSchema, 'input'),
    ...Object.assign({}, ...Object.values(compatRequests).map((schema) => componentsOf(schema, 'input'))),
    ...componentsOf(resetEnvironmentSchema, 'input'),
    ...componentsOf(stepEnvironmentSchema, 'input'),
  };
  Object.assign(schemas, document.components?.schemas);
  // Any id can be stored, but these are the ones that this server takes.
  schemas['Language'] = { ...schemas['Language'], enum: languages };
  document.components = { ...document.components, schemas: schemas as never };
  setBody(document, '/v1/jobs', {
    'application/json': { $ref: '#/components/schemas/CreateJob' },
    'multipart/form-data': jobForm,
  });
  setBody(document, '/v1/rewards/score', { 'application/json': { $ref: '#/components/schemas/RewardRequest' } });
  setBody(document, '/v1/chat/completions', { 'application/json': { $ref: '#/components/schemas/ChatRequest' } });
  setBody(document, '/v1/renders', { 'application/json': { $ref: '#/components/schemas/RenderSubmission' } });
  for (const [path, schema] of Object.entries(compatRequests)) {
    const $ref = `#/components/schemas/${schema.meta()!.id!}`;
    setBody(document, `/v1/compat/${path}`, { 'application/json': { $ref } });
  }
  const environment = '/v1/environments/{id}';
  setBody(document, `${environment}/reset`, { 'application/json': { $ref: '#/components/schemas/ResetEnvironment' } });
  setBody(document, `${environment}/step`, { 'application/json': { $ref: '#/components/schemas/StepEnvironment' } });
  setBody(document, '/v1/blobs', {
    'image/png': binary,
    'image/jpeg': binary,
    'image/webp': binary,
    'multipart/form-data': { type: 'object', required: ['file'], properties: { file: binary } },
  });
  return document;
}

function setBody(document: OpenAPIObject, path: string, contents: Record<string, Schema>): void {
  const operation = document.paths[path]?.post;
  if (!operation) throw new Error(`The API has no POST ${path}.`);
  const content = Object.fromEntries(Object.entries(contents).map(([type, schema]) => [type, { schema }]));
  operation.requestBody = { required: true, content: content as never };
}

/** The API as OpenAPI, with the ids of the languages that the server takes. */
export function openApiDocument(app: INestApplication, languages: readonly Language[]): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Pentimento')
    .setDescription(
      'Turns an image back into the code that draws it. Errors are `application/problem+json` (RFC 9457).',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  return complete(SwaggerModule.createDocument(app, config), languages);
}
