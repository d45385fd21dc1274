import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '@pentimento/client';
import { startCli } from '../support/cli.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { startStack, type Stack } from '../support/stack.ts';

let postgres: TestPostgres;
let databaseUrl: string;
let stack: Stack;
let client: Client;
let jobId: string;

const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await startCli(args, { PENTIMENTO_HOME: stack.home }).ended;
  return { code, stderr, printed: JSON.parse(stdout) };
};

beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.newDatabase();
  stack = await startStack({ variables: { DATABASE_URL: databaseUrl } });
  client = new Client({ url: stack.url });
  const badge = resolve(import.meta.dirname, '../../examples/badge.png');
  jobId = (await run('refine', badge, '-l', 'svg', '--max-iterations', '2', '--json')).printed.jobId;
});
afterAll(async () => {
  await stack?.stop();
  await postgres?.stop();
});

it('renders and scores every candidate again with the same bytes and scores', async () => {
  const { code, printed } = await run('replay', jobId, '--json');
  const candidates = await client.listCandidates(jobId);
  expect(code).toBe(0);
  expect(printed.candidates).toEqual(
    candidates.map(({ id, iteration }) => ({
      candidate: id,
      iteration,
      render: 'same',
      score: 'same',
      change: 0,
      detail: '',
    })),
  );
});

it('says which candidate is not the same', async () => {
  const [first] = await client.listCandidates(jobId);
  const changed = `UPDATE rewards SET terms = jsonb_set(terms, '{overall}', $1) WHERE candidate_id = $2`;
  await query(databaseUrl, changed, ['0.5', first!.id]);
  const { code, printed, stderr } = await run('replay', jobId, '--json');
  await query(databaseUrl, changed, [JSON.stringify(first!.reward.terms.overall), first!.id]);
  expect(code).toBe(1);
  expect(printed.candidates[0]).toMatchObject({ candidate: first!.id, render: 'same', score: 'different' });
  expect(printed.candidates[0].change).toBeCloseTo(first!.reward.terms.overall - 0.5, 9);
  expect(stderr).toContain('1 of 2 candidates are the same');
});

it('adds a score of another version beside the old one, once', async () => {
  expect((await run('rescore', jobId, '--json')).printed.jobs).toEqual([
    { job: jobId, added: 0, unchanged: 2, maxChange: 0 },
  ]);
  expect(await client.listRescores(jobId)).toEqual([]);

  const version = `UPDATE rewards SET version = $1 WHERE candidate_id IN (SELECT id FROM candidates WHERE job_id = $2)`;
  await query(databaseUrl, version, ['old', jobId]);
  const before = await client.listCandidates(jobId);
  expect((await run('replay', jobId, '--json')).printed.candidates[0]).toMatchObject({
    render: 'same',
    score: 'other version',
    change: null,
  });
  expect((await run('rescore', jobId, '--json')).printed.jobs).toMatchObject([{ added: 2, unchanged: 0 }]);
  expect((await run('rescore', jobId, '--json')).printed.jobs).toMatchObject([{ added: 0, unchanged: 2 }]);

  const rescores = await client.listRescores(jobId);
  expect(rescores.map(({ candidate }) => candidate).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  expect(rescores[0]!.reward.version).not.toBe('old');
  expect(await client.listCandidates(jobId)).toEqual(before);
});

it('refuses a job that does not exist with a sentence', async () => {
  const missing = jobId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const command of ['replay', 'rescore']) {
    const { code, stderr } = await startCli([command, missing], { PENTIMENTO_HOME: stack.home }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('There is no such job.');
  }
});
