import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { candidatePageSchema, rewardResponseSchema, type RewardResult } from '@pentimento/api-contracts';
import { exportSchema, isFinal, readGroundTruth, type Candidate, type GroundTruth } from '@pentimento/contracts';
import { slimeResponseSchema } from '../../apps/api/src/protocols/reward-servers.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MemoryFiles } from '../../libs/traces/src/testing/export-files.ts';
import { readParquet } from '../../libs/traces/src/testing/read-tables.ts';
import { problem, startApi, type Api } from '../support/api.ts';
import { plainPython, runPython } from '../support/python.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

/** Its background has another color on a screen of scale 1, so that a row scored without its `deviceScale` scores otherwise. */
const page = (color: string) =>
  `<style>body { margin: 0; background: #000 } @media (resolution: 2dppx) { body { background: ${color} } }</style><body>Hi`;
const edit = (search: string, replace: string) => ({ edits: [{ search, replace }] });

/** A draft, and replies to prompts for edits: better, not applicable, worse, whole code, edits that leave nothing to see, no code. */
const steps = [
  { when: { call: 1 }, code: page('#fff') },
  { when: { call: 2 }, ...edit('background: #fff', 'background: #f00') },
  { when: { call: 3 }, edits: [...edit('Hi', 'Ho').edits, ...edit('#fff', '#eee').edits] },
  { when: { call: 4 }, ...edit('background: #f00', 'background: #0c0') },
  { when: { call: 5 }, code: page('#ccc') },
  { when: { call: 6 }, edits: [...edit('<body>Hi', '<body>').edits, ...edit('#f00', '#fff').edits] },
  { text: 'Nothing more to say.' },
];

/** A reply with the ground truth of its row, and the candidate that the loop made of it. */
interface Refinement {
  truth: GroundTruth;
  answer: string;
  reply: string;
  candidate: Candidate;
}

let api: Api;
let refinements: Refinement[];

beforeAll(async () => {
  api = await startApi({}, { script: { steps } });
  const policy = { 'policy.maxIterations': '7', 'policy.patience': '7', 'policy.threshold': '1' };
  const job = await api.submit({ model: 'scripted/edits', language: 'html', deviceScale: '2', ...policy });
  await api.ended(job);
  const { data } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`));
  const answers = await answersOf('easyr1');
  refinements = await Promise.all(data.map((candidate) => refinementOf(candidate, answers)));
  refinements = refinements.filter(({ truth }) => truth.code !== undefined);
});
afterAll(() => api?.stop());

async function refinementOf(candidate: Candidate, answers: ReadonlyMap<number, string>): Promise<Refinement> {
  const answer = answers.get(candidate.iteration)!;
  const reply = await (await fetch(api.at(`/v1/blobs/${candidate.call!.reply}`))).text();
  return { truth: readGroundTruth(answer) as GroundTruth, answer, reply, candidate };
}

/** What formats name differently. */
interface Row {
  iteration?: number | bigint;
  extra_info?: { iteration: number | bigint };
  answer?: string;
  solution?: string;
  reward_model?: { ground_truth: string };
}

const answerOf = ({ answer, solution, reward_model }: Row): string =>
  (answer ?? solution ?? reward_model?.ground_truth)!;

/** The ground truths of the rows that an export in this format has, by the iteration of the row. */
async function answersOf(format: string): Promise<Map<number, string>> {
  const created = exportSchema.parse(await (await api.sendJson('/v1/exports', { format })).json());
  for (;;) {
    const { status, links } = exportSchema.parse(await api.getJson(created.links.self));
    if (!isFinal(status)) {
      await sleep(50);
      continue;
    }
    const files = new MemoryFiles();
    const download = await fetch(api.at(`${links.files}/train.parquet`));
    files.contents.set('train.parquet', new Uint8Array(await download.arrayBuffer()));
    const rows = (await readParquet(files, 'train.parquet')) as Row[];
    return new Map(rows.map((row) => [Number((row.extra_info ?? row).iteration), answerOf(row)]));
  }
}

const scoreOf = ({ candidate }: Refinement) => candidate.reward.terms.overall;

async function results(...items: object[]): Promise<RewardResult[]> {
  const response = await api.sendJson('/v1/rewards/score', { items });
  return rewardResponseSchema.parse(await response.json()).results;
}

const itemOf = ({ truth: { target, language, deviceScale, code }, reply }: Refinement) => ({
  id: 'a',
  language,
  reference: { blob: target },
  deviceScale,
  base: { blob: code },
  response: reply,
});

const unknown = '0'.repeat(64);

describe('a reply to a prompt that asks for edits', () => {
  it('has rows of every kind of reply here', () => {
    expect(refinements.map(({ candidate }) => candidate.parseStatus)).toEqual([
      'edits',
      'edit_failed',
      'edits',
      'code',
      'edits',
      'no_code',
    ]);
    expect(refinements.map(({ truth }) => truth.deviceScale)).toEqual(new Array(6).fill(2));
    expect(new Set(refinements.map(({ truth }) => truth.code)).size).toBe(2);
  });

  it('scores as it did in the loop, and says which edit does not apply', async () => {
    const scored = await results(...refinements.map(itemOf));
    expect(scored.map(({ components }) => components)).toEqual(
      refinements.map(({ candidate }) => candidate.reward.terms),
    );
    const [, failed] = refinements;
    expect(scored.map(({ status }) => status)).toEqual(['ok', 'edit_failed', 'ok', 'ok', 'ok', 'no_code']);
    expect(scored.map(({ empty }) => empty)).toEqual([false, false, false, false, true, false]);
    expect(scored[1]).toMatchObject({ score: null, components: { overall: 0.1, alignment: 1, execution: 0 } });
    expect(scored[1]!.error!.message).toBe(failed!.candidate.parseDetail);
    expect(failed!.candidate.parseDetail).toMatch(/^Edit 2: /);
  });

  it('needs the screen of the row', async () => {
    const [without] = await results({ ...itemOf(refinements[0]!), deviceScale: undefined });
    expect(without!.empty).toBe(true);
    expect(without!.components.overall).not.toBeCloseTo(scoreOf(refinements[0]!));
  });

  it('scores as it did in the loop by a route of another trainer', async () => {
    const rewards = await Promise.all(
      refinements.map(async ({ answer, reply }) => {
        const response = await api.sendJson('/v1/compat/slime', { response: `${reply}<|im_end|>`, label: answer });
        return slimeResponseSchema.parse(await response.json());
      }),
    );
    expect(rewards).toEqual(refinements.map(scoreOf));
  });

  it.each([
    ['easyr1', 'easyr1'],
    ['vincicoder', 'easyr1'],
    ['verl', 'verl-rl'],
    ['trl', 'trl-grpo'],
    ['swift', 'swift-grpo'],
  ])('scores as it did in the loop by the adapter of %s', async (trainer, format) => {
    const answers = await answersOf(format);
    const replies = refinements.map(({ reply }) => reply);
    const truths = refinements.map(({ candidate }) => answers.get(candidate.iteration));
    const program = fileURLToPath(new URL('../support/adapter_rewards.py', import.meta.url));
    const args = [program, trainer, JSON.stringify(replies), JSON.stringify(truths)];
    const printed = await runPython(plainPython, args, { PENTIMENTO_URL: api.stack.url });
    expect(JSON.parse(printed)).toEqual(refinements.map(scoreOf));
  });
});

describe('a base that cannot be used', () => {
  it('is refused beside an image, with a remedy', async () => {
    const item = { ...itemOf(refinements[0]!), response: undefined };
    const [refused] = await results({ ...item, image: api.image.toString('base64') });
    expect(refused).toMatchObject({ status: 'invalid', error: { kind: 'input' } });
    expect(refused!.error!.message).toMatch(/Leave out base, or give a response/);
  });

  it('is refused where it is no text', async () => {
    const [refused] = await results({ ...itemOf(refinements[0]!), base: { blob: refinements[0]!.truth.target } });
    expect(refused).toMatchObject({ status: 'invalid', error: { message: expect.stringMatching(/not UTF-8/) } });
  });

  it('is never a number where it is gone', async () => {
    const { truth, reply } = refinements[0]!;
    const message = 'There is no blob of the base: send it as code, or leave out rows of deleted jobs.';
    const [gone] = await results({ ...itemOf(refinements[0]!), base: { blob: unknown } });
    expect(gone).toMatchObject({ status: 'invalid', score: null, error: { message }, components: { overall: null } });
    const label = { ...truth, code: unknown };
    const refused = await problem(await api.sendJson('/v1/compat/slime', { response: reply, label }));
    expect(refused).toMatchObject({ status: 400, code: 'invalid-request', pointers: ['/label'] });
    const noBlob = await problem(
      await api.sendJson('/v1/compat/slime', { response: reply, label: { ...truth, code: 'x' } }),
    );
    expect(noBlob).toMatchObject({ status: 400, pointers: ['/label'] });
  });

  it('is refused where its blob has been deleted from the store', async () => {
    const { truth } = refinements[0]!;
    await rm(join(api.stack.home, 'blobs', truth.code!.slice(0, 2), truth.code!.slice(2, 4), truth.code!));
    const [gone] = await results(itemOf(refinements[0]!));
    expect(gone).toMatchObject({ status: 'invalid', error: { message: expect.stringMatching(/no blob of the base/) } });
  });
});
