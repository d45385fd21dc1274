import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  healthSchema,
  iterationPageSchema,
  languagePageSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
} from '@pentimento/api-contracts';
import { jobSchema } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../support/api.ts';
import { readEvents } from '../support/events.ts';
import { buildApi, runToEnd, startRewardService, startStack, type Server, type Stack } from '../support/stack.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const image = await readFile(join(examples, 'badge.png'));
const code = await readFile(join(examples, 'badge.svg'), 'utf8');

let home: string;
let service: Server;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pentimento-rewards-'));
  service = await startRewardService({ PENTIMENTO_HOME: home });
});
afterAll(async () => {
  await service?.stop();
  await rm(home, { recursive: true, force: true });
});

const get = (path: string) => fetch(service.url + path);
const score = (...items: object[]) =>
  fetch(`${service.url}/v1/rewards/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items }),
  });
const data = image.toString('base64');

describe('a process that is a reward service only', () => {
  it('scores what it is sent, without a database or jobs', async () => {
    const response = await score({ id: 'a', language: 'svg', reference: { data }, code });
    const { results } = rewardResponseSchema.parse(await response.json());
    expect(results).toMatchObject([{ id: 'a', status: 'ok' }]);
    expect(existsSync(join(home, 'postgres'))).toBe(false);
    expect((await problem(await get('/v1/jobs'))).status).toBe(404);
  });

  it('says in a sentence that it has neither jobs nor blobs', async () => {
    const response = await score(
      { id: 'job', language: 'svg', jobId: `job_${'0'.repeat(36)}`, code },
      { id: 'blob', language: 'svg', reference: { blob: '0'.repeat(64) }, code },
    );
    const { results } = rewardResponseSchema.parse(await response.json());
    for (const { status, error } of results) {
      expect(status).toBe('invalid');
      expect(error!.message).toContain('send the reference as data');
    }
  });

  it('reports its health, its languages and its reward version', async () => {
    const ready = await get('/readyz');
    const health = healthSchema.parse(await ready.json());
    expect([ready.status, health.checks.map(({ name }) => name)]).toEqual([200, ['renderers', 'encoder']]);
    expect(rewardVersionPageSchema.parse(await (await get('/v1/rewards/versions')).json()).data).toHaveLength(1);
    const { data: languages } = languagePageSchema.parse(await (await get('/v1/languages')).json());
    expect(languages.find(({ id }) => id === 'svg')).toMatchObject({ available: true });
  });

  it('refuses pages of other sites', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
    const response = await fetch(`${service.url}/v1/rewards/score`, { method: 'POST', headers, body: '{}' });
    expect((await problem(response)).status).toBe(403);
  });

  it('does not start where REWARD_URL names another service', async () => {
    await buildApi();
    const { ended, stderr } = await runToEnd('rewards.js', { PENTIMENTO_HOME: home, REWARD_URL: service.url });
    expect(ended).toBe(1);
    expect(stderr).toContain('REWARD_URL');
    expect(stderr).not.toContain('    at ');
  });
});

describe('a server that scores on a reward service', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ variables: { REWARD_URL: service.url } });
  });
  afterAll(() => stack?.stop());

  it('runs its jobs with the records of that service', async () => {
    const form = new FormData();
    form.set('language', 'svg');
    form.set('policy.maxIterations', '2');
    form.set('target', new Blob([new Uint8Array(image)]), 'badge.png');
    const sent = await fetch(`${stack.url}/v1/jobs`, { method: 'POST', body: form });
    const { id } = jobSchema.parse(await sent.json());
    await readEvents(`${stack.url}/v1/jobs/${id}`, { after: 0 });
    const { data: iterations } = iterationPageSchema.parse(
      await (await fetch(`${stack.url}/v1/jobs/${id}/iterations`)).json(),
    );
    const records = iterations.flatMap(({ candidates }) => candidates.map(({ reward }) => reward));
    expect(records.length).toBeGreaterThan(0);
    const { data: versions } = rewardVersionPageSchema.parse(await (await get('/v1/rewards/versions')).json());
    const { version, encoder, preprocessing } = versions[0]!;
    for (const record of records) expect(record).toMatchObject({ version, encoder, preprocessing });
    expect(existsSync(join(stack.home, 'cache/vectors'))).toBe(false);
  });

  it('fails a job in plain words where the service is another program by then, and keeps what is finished', async () => {
    const { port } = new URL(service.url);
    await service.stop();
    const stranger = createServer((_request, response) => void response.end('<html>')).listen(
      Number(port),
      '127.0.0.1',
    );
    await once(stranger, 'listening');
    try {
      const form = new FormData();
      form.set('language', 'svg');
      form.set('target', new Blob([new Uint8Array(image)]), 'badge.png');
      const { id } = jobSchema.parse(
        await (await fetch(`${stack.url}/v1/jobs`, { method: 'POST', body: form })).json(),
      );
      await readEvents(`${stack.url}/v1/jobs/${id}`, { after: 0 });
      const job = jobSchema.parse(await (await fetch(`${stack.url}/v1/jobs/${id}`)).json());
      expect(job).toMatchObject({ status: 'failed', outcome: null, best: null, error: { code: 'reward_unavailable' } });
      expect(job.error!.message).toMatch(/REWARD_URL.*retry the job/);
      expect((await fetch(`${stack.url}/readyz`)).status).toBe(503);
    } finally {
      stranger.closeAllConnections();
      stranger.close();
    }
  });
});
