import { blobSchema } from '@pentimento/api-contracts';
import { jobPageSchema, jobSchema, problemSchema, type Job } from '@pentimento/contracts';
import sharp from 'sharp';
import { expect } from 'vitest';
import { readEvents, type SentEvent } from './events.ts';
import { startStack, type Stack, type StackOptions } from './stack.ts';

/** By the model's name: `scripted/hangs` never replies; any other writes the same square in every job, or a page that is teal on a screen of scale 2. */
const square = '<rect width="40" height="40" fill="#c00"/>';
const page =
  '<style>body { margin: 0 } @media (resolution: 2dppx) and (width: 32px) { body { background: teal } }</style>';
const script = {
  steps: [
    { when: { model: 'hangs' }, hang: true },
    { when: { task: 'draft', language: 'html' }, code: `<!doctype html>${page}<body>Hi` },
    {
      when: { task: 'draft' },
      code: `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">${square}</svg>`,
    },
    { text: 'Nothing more to say.' },
  ],
};

/** A stack with the scripted model, and the requests that its tests make. */
export interface Api {
  stack: Stack;
  /** A PNG of 64 x 48 pixels. */
  image: Buffer;
  at(path: string): string;
  getJson(path: string): Promise<unknown>;
  sendJson(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** `POST /v1/jobs` as a form. */
  sendForm(fields: Record<string, string>, target?: Uint8Array, name?: string): Promise<Response>;
  putImage(bytes: Uint8Array): Promise<string>;
  /** Submits the image for SVG; the request must be accepted. */
  submit(fields: Record<string, string>): Promise<Job>;
  getJob(job: Pick<Job, 'id'>): Promise<Job>;
  /** The job's events up to its end. */
  ended(job: Pick<Job, 'id'>, after?: number): Promise<SentEvent[]>;
  /** The job's events up to its first stage. */
  started(job: Pick<Job, 'id'>): Promise<SentEvent[]>;
  /** Waits until no job is queued or running. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function startApi(
  variables: Record<string, string> = {},
  options: Pick<StackOptions, 'script' | 'program'> = {},
): Promise<Api> {
  const stack = await startStack({ script, variables: { PENTIMENTO_LEASE_MS: '3000', ...variables }, ...options });
  const at = (path: string) => stack.url + path;
  const events = (id: string, options: Parameters<typeof readEvents>[1]) => readEvents(at(`/v1/jobs/${id}`), options);
  const api: Api = {
    stack,
    image: await createImage(),
    at,
    getJson: async (path) => (await fetch(at(path))).json(),
    sendJson: (path, body, headers = {}) =>
      fetch(at(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    sendForm: (fields, target, name = 'target.png') =>
      fetch(at('/v1/jobs'), { method: 'POST', body: form(fields, target, name) }),
    async putImage(bytes) {
      const headers = { 'content-type': 'image/png' };
      const response = await fetch(at('/v1/blobs'), { method: 'POST', headers, body: new Uint8Array(bytes) });
      expect(response.status).toBe(201);
      return blobSchema.parse(await response.json()).id;
    },
    async submit(fields) {
      const response = await api.sendForm({ language: 'svg', ...fields }, api.image);
      expect(response.status).toBe(202);
      return jobSchema.parse(await response.json());
    },
    getJob: async ({ id }) => jobSchema.parse(await api.getJson(`/v1/jobs/${id}`)),
    ended: ({ id }, after = 0) => events(id, { after }),
    started: ({ id }) => events(id, { enough: ({ event }) => event === 'candidate.stage' }),
    async settled() {
      const { data } = jobPageSchema.parse(await api.getJson('/v1/jobs?status=queued,running,canceling&limit=100'));
      for (const job of data) await api.ended(job);
    },
    stop: () => stack.stop(),
  };
  return api;
}

function createImage(): Promise<Buffer> {
  const patch = { create: { width: 30, height: 30, channels: 3, background: '#c00' } } as const;
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#fff' } })
    .composite([{ input: patch, left: 10, top: 5 }])
    .png()
    .toBuffer();
}

function form(fields: Record<string, string>, target: Uint8Array | undefined, name: string): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  if (target) data.set('target', new Blob([new Uint8Array(target)]), name);
  return data;
}

/** The problem in a response, with the pointers of its fields. */
export async function problem(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = problemSchema.parse(await response.json());
  expect(body.status).toBe(response.status);
  expect(body.requestId).toBe(response.headers.get('x-request-id'));
  return { ...body, pointers: body.errors?.map(({ pointer }) => pointer) ?? [] };
}
