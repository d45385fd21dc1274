import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobSchema, parseEvent, type Job } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readEvents, sentEvents } from '../support/events.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { buildApi, runToEnd, startStack, type Stack } from '../support/stack.ts';

/** Each test starts several programs, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let image: Buffer;
const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.stop();
});

/** The first request for a draft never gets a reply; the next one does. */
const script = {
  log: 'calls.jsonl',
  steps: [
    { when: { attempt: 1, model: 'hangs-once' }, hang: true },
    {
      when: { task: 'draft' },
      code: '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>',
    },
    { text: 'Nothing more to say.' },
  ],
};

beforeAll(async () => {
  await buildApi();
  folder = await mkdtemp(join(tmpdir(), 'pentimento-process-'));
  image = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface ScriptedStack extends Stack {
  /** Resolves once the model has been called. */
  called(): Promise<void>;
}

/** A stack with its own script, so that attempts are counted from zero. */
async function stackWith(variables: Record<string, string> = {}): Promise<ScriptedStack> {
  const stack = await startStack({
    script,
    variables: {
      // Long enough for a busy machine: a lease lost too early shows as an extra start.
      PENTIMENTO_LEASE_MS: '8000',
      PENTIMENTO_SWEEP_MS: '100',
      PENTIMENTO_QUEUED_MS: '300',
      ...variables,
    },
  });
  stacks.push(stack);
  const calls = () => readFile(join(stack.home, script.log), 'utf8').catch(() => '');
  return Object.assign(stack, {
    called: () => vi.waitUntil(async () => (await calls()) !== '', waiting).then(() => undefined),
  });
}
const waiting = { timeout: 30_000, interval: 20 };

async function submit({ url }: Stack, model: string): Promise<Job> {
  const body = new FormData();
  body.set('request', JSON.stringify({ language: 'svg', model, policy: { maxIterations: 1 } }));
  body.set('target', new Blob([new Uint8Array(image)]), 'target.png');
  const response = await fetch(`${url}/v1/jobs`, { method: 'POST', body });
  expect(response.status).toBe(202);
  return jobSchema.parse(await response.json());
}
const jobUrl = ({ url }: Stack, { id }: Job) => `${url}/v1/jobs/${id}`;

async function typesToTheEnd(stack: Stack, job: Job): Promise<string[]> {
  const events = (await readEvents(jobUrl(stack, job))).slice(0, -1).map(({ data }) => parseEvent(data));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ type, data }) => ('reason' in data && type === 'job.queued' ? `${type} ${data.reason}` : type));
}

describe('a start that fails', () => {
  it('names every problem of the environment at once, in plain sentences', async () => {
    const { ended, stdout, stderr } = await runToEnd('main.js', {
      PENTIMENTO_HOME: join(folder, 'none'),
      PENTIMENTO_PORT: 'many',
      PENTIMENTO_WORKER: 'perhaps',
      PENTIMENTO_MODEL_TIMEOUT_SECONDS: 'soon',
      PENTIMENTO_ENCODER: join(folder, 'no-encoder'),
    });
    expect(ended).toBe(1);
    expect(stdout).toBe('');
    for (const name of ['PENTIMENTO_PORT', 'PENTIMENTO_WORKER', 'PENTIMENTO_MODEL_TIMEOUT_SECONDS', 'no-encoder']) {
      expect(stderr).toContain(name);
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says that the database does not answer', async () => {
    const { ended, stderr } = await runToEnd('main.js', {
      PENTIMENTO_HOME: join(folder, 'no-database'),
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    });
    expect(ended).toBe(1);
    expect(stderr).toMatch(/The database cannot be used\. .*DATABASE_URL/);
  });

  it('says that a worker needs a database', async () => {
    const { ended, stderr } = await runToEnd('worker.js', { PENTIMENTO_HOME: join(folder, 'empty') });
    expect(ended).toBe(1);
    expect(stderr).toContain('DATABASE_URL');
  });
});

describe('a server and its home', () => {
  it('allows one server per home, which announces its address and leaves nothing behind', async () => {
    const stack = await stackWith();
    const file = join(stack.home, 'server.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: stack.server.pid, url: stack.url });

    const second = await runToEnd('main.js', { PENTIMENTO_HOME: stack.home, PENTIMENTO_PORT: '0' });
    expect(second.ended).toBe(1);
    expect(second.stderr).toContain(stack.url);

    expect(await stack.server.stop()).toBe(0);
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
    await expect(readFile(join(stack.home, 'server.lock'))).rejects.toThrow(/ENOENT/);
  });

  it('takes over the home of a server that was killed', async () => {
    const stack = await stackWith();
    await stack.server.stop('SIGKILL');
    await stack.restart();
    expect((await fetch(`${stack.url}/readyz`)).status).toBe(200);
  });

  it('does not use another port than the one that is set', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { ended, stderr } = await runToEnd('main.js', {
      PENTIMENTO_HOME: join(folder, 'port'),
      PENTIMENTO_PORT: String(port),
    });
    other.close();
    expect(ended).toBe(1);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken. Set PENTIMENTO_PORT`);
  });
});

describe('a shutdown', () => {
  it('during a model call releases the job, ends streams, exits with 0, and lets the next server continue', async () => {
    const stack = await stackWith();
    const job = await submit(stack, 'scripted/hangs-once');
    await stack.called();
    const response = await fetch(`${jobUrl(stack, job)}/events`, { headers: { accept: 'text/event-stream' } });
    const streamed = (async () => {
      const types: string[] = [];
      for await (const { event } of sentEvents(response)) types.push(event);
      return types;
    })();

    expect(await stack.server.stop()).toBe(0);
    expect(await streamed).not.toContain('done');
    await stack.restart();
    const types = await typesToTheEnd(stack, job);
    expect(types.filter((type) => type.startsWith('job.'))).toEqual([
      'job.queued created',
      'job.started',
      'job.queued recovered',
      'job.started',
      'job.finished',
    ]);
  });
});

describe('separate workers', () => {
  it('run a job that waited for one, and recover it from one that was killed', async () => {
    const stack = await stackWith({ PENTIMENTO_WORKER: 'off' });
    const job = await submit(stack, 'scripted/hangs-once');
    const first = await stack.startWorker();
    await stack.called();
    expect(await first.stop('SIGKILL')).toBe('SIGKILL');
    const second = await stack.startWorker();
    const types = await typesToTheEnd(stack, job);
    expect(types.filter((type) => type.startsWith('job.'))).toEqual([
      'job.queued created',
      'job.started',
      'job.queued recovered',
      'job.started',
      'job.finished',
    ]);
    expect(await second.stop()).toBe(0);
  });

  it('sweep up a job that could not be enqueued', async () => {
    const stack = await stackWith({ PENTIMENTO_WORKER: 'off', REDIS_URL: 'redis://127.0.0.1:1' });
    const job = await submit(stack, 'scripted/steady');
    await stack.startWorker({ REDIS_URL: '' });
    expect((await typesToTheEnd(stack, job)).at(-1)).toBe('job.finished');
    const health = await fetch(`${stack.url}/readyz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'failing' });
  });
});

describe('a database that goes away', () => {
  it('is answered with 503, and old and new jobs continue once it is back', async () => {
    const postgres = await startTestPostgres();
    try {
      // A lease that outlasts the outage, so that the job stays with its worker.
      const stack = await stackWith({ DATABASE_URL: await postgres.newDatabase(), PENTIMENTO_LEASE_MS: '60000' });
      const job = await submit(stack, 'scripted/hangs-once');
      await stack.called();
      await postgres.pause();
      const refused = await fetch(jobUrl(stack, job));
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'unavailable' });
      expect((await fetch(`${stack.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${stack.url}/healthz`)).status).toBe(200);

      await postgres.start();
      expect((await typesToTheEnd(stack, await submit(stack, 'scripted/steady'))).at(-1)).toBe('job.finished');
      expect((await fetch(`${jobUrl(stack, job)}/cancel`, { method: 'POST' })).status).toBe(202);
      expect((await typesToTheEnd(stack, job)).slice(-2)).toEqual(['job.canceling', 'job.finished']);
      expect(await stack.server.stop()).toBe(0);
    } finally {
      await postgres.stop();
    }
  });
});
