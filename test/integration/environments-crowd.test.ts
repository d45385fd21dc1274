import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@pentimento/client';
import { isFinal } from '@pentimento/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crowdTarget, crowdTurns, outcomeOf, playSession } from '../support/environment-crowd.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { startStack, type Stack } from '../support/stack.ts';

const variants = 6;
const sessions = 24;

let postgres: TestPostgres;
let folder: string;
const stacks: Stack[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'pentimento-crowd-'));
  const shared = {
    DATABASE_URL: await postgres.newDatabase(),
    PENTIMENTO_BLOB_STORE: join(folder, 'blobs'),
    // Fewer than the sessions, so that some are refused at first.
    PENTIMENTO_ENVIRONMENT_STEPS: '2',
    PENTIMENTO_ENVIRONMENT_WAITING: '8',
  };
  for (const worker of ['on', 'off'])
    stacks.push(await startStack({ variables: { ...shared, PENTIMENTO_WORKER: worker } }));
});
afterAll(async () => {
  for (const stack of stacks) await stack.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(
  'plays many sessions at once over two servers as it plays each alone, while a job goes on',
  { timeout: 300_000 },
  async () => {
    const clients = stacks.map(({ url }) => new Client({ url }));
    const [first] = clients as [Client];
    const blobs: string[] = [];
    for (let variant = 0; variant < variants; variant++)
      blobs.push((await first.putBlob(new Uint8Array(await crowdTarget(variant)))).id);
    const alone: ReturnType<typeof outcomeOf>[] = [];
    for (const [variant, blob] of blobs.entries())
      alone.push(outcomeOf(await playSession([first], `alone-${variant}`, { variant, blob })));

    const policy = { maxIterations: 2, threshold: 1 };
    const job = await first.createJob({ target: blobs[0]!, language: 'svg', policy });
    let played = 0;
    // There is a crowd for as long as the job runs, so that a job that is held up by it never ends.
    do {
      const crowd = await Promise.all(
        Array.from({ length: sessions }, (_, index) => {
          const variant = index % variants;
          return playSession(clients, `crowd-${played + index}`, { variant, blob: blobs[variant]! });
        }),
      );
      played += sessions;
      expect(crowd.map(outcomeOf)).toEqual(crowd.map((_, index) => alone[index % variants]));
      expect(crowd.map(({ foreignPrompts }) => foreignPrompts)).toEqual(crowd.map(() => 0));
      expect(crowd.map(({ rewards }) => rewards.length)).toEqual(crowd.map(() => crowdTurns));
    } while (!isFinal((await first.getJob(job.id)).status));

    const { counts } = await first.listJobs({ kind: 'environment' });
    expect(counts).toMatchObject({ succeeded: played + variants, running: 0, waiting: 0, failed: 0, canceled: 0 });
  },
);
