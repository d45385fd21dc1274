import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOptionsSchema, tokenRecordSchema, type TokenRecord } from '@pentimento/contracts';
import { traceExporters } from '@pentimento/trace-formats';
import { exportTraces, type Trace } from '@pentimento/traces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFolder } from '../support/export-folder.ts';
import { plainPython, readWithPython, trainersPython } from '../support/python.ts';
import { pixelHash, realTrace, type RealTrace } from '../support/real-traces.ts';

const trainers = trainersPython('datasets');
/** Where the trainers' packages are, their own models read too. */
const readerPython = process.env.PENTIMENTO_TRAINERS_PYTHON ?? plainPython;

let folder: string;
let traces: RealTrace[];
const blobs = new Map<string, Uint8Array>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-loaders-'));
  traces = await Promise.all([
    realTrace(1),
    realTrace(2, textOnlyDraft),
    realTrace(3, (trace) => (trace.job.policyVersion = '12')),
  ]);
  for (const trace of traces) for (const [id, bytes] of trace.blobs) blobs.set(id, bytes);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function textOnlyDraft({ iterations }: Trace): void {
  iterations[0]!.candidates[0]!.call!.capture = { level: 'text_only', reason: 'The server sent no token ids.' };
}

/** Exports the traces and returns the folder and the manifest. */
async function exported(format: string) {
  const out = join(folder, format);
  const exporter = traceExporters.find(({ id }) => id === format)!;
  const manifest = await exportTraces(exporter, stream(), {
    files: exportFolder(out),
    options: exportOptionsSchema.parse({ license: 'For tests.' }),
    filter: {},
    codeVersion: '0',
    readBlob: (id) => Promise.resolve(blobs.get(id) ?? null),
    splitOf: () => 'train',
    signal: new AbortController().signal,
  });
  return { out, manifest };
}

async function* stream(): AsyncGenerator<unknown> {
  for (const { trace } of traces) yield trace;
}

const jsonOf = (id: string): unknown => JSON.parse(new TextDecoder().decode(blobs.get(id)));
const candidatesOf = () => traces.flatMap(({ trace }) => trace.iterations.flatMap(({ candidates }) => candidates));

/** The tokens of a candidate's call; null where only its text is known. */
function tokensOf({ call }: ReturnType<typeof candidatesOf>[number]): TokenRecord | null {
  const { capture } = call!;
  return capture.level === 'token_exact' ? tokenRecordSchema.parse(jsonOf(capture.tokens)) : null;
}

describe('verifiers', () => {
  interface Episode {
    id: string;
    run: object;
    traces: {
      id: string;
      reward: number;
      turn_rewards: number[];
      images: string[];
      branches: { token_ids: number[]; mask: boolean[]; logprobs: number[] }[];
    }[];
  }

  it('reads the tokens of each candidate as a branch of its own trace', async () => {
    const { out, manifest } = await exported('verifiers');
    const { episodes } = await readWithPython<{ episodes: Episode[] }>(
      readerPython,
      'read_verifiers.py',
      join(out, 'traces.jsonl'),
    );
    expect(episodes).toHaveLength(manifest.rows.train);
    const read = episodes.flatMap((episode) => episode.traces);
    const candidates = candidatesOf();
    expect(read.map(({ id, reward }) => [id, reward])).toEqual(
      candidates.map(({ id, reward }) => [id, reward.terms.overall]),
    );
    for (const [index, { branches, turn_rewards, reward }] of read.entries()) {
      const tokens = tokensOf(candidates[index]!);
      const prompt = tokens?.promptTokenIds ?? [];
      const completion = tokens?.completionTokenIds ?? [];
      expect(turn_rewards).toEqual([reward]);
      expect(branches).toEqual([
        {
          token_ids: [...prompt, ...completion],
          mask: [...prompt.map(() => false), ...completion.map(() => true)],
          logprobs: [...prompt.map(() => 0), ...(tokens?.logprobs ?? [])],
        },
      ]);
    }
    const image = traces[0]!.trace.job.target.image;
    expect(read[0]!.images).toEqual([`data:image/png;base64,${Buffer.from(blobs.get(image)!).toString('base64')}`]);
  });

  it('reads the turns of a trajectory as branches, and the policy versions that are numbers', async () => {
    const { out, manifest } = await exported('verifiers-trajectories');
    const { episodes } = await readWithPython<{ episodes: Episode[] }>(
      readerPython,
      'read_verifiers.py',
      join(out, 'traces.jsonl'),
    );
    expect(episodes).toHaveLength(manifest.rows.train);
    for (const { traces: read } of episodes) {
      expect(read).toHaveLength(1);
      expect(read[0]!.turn_rewards).toEqual([0.8, 0.96]);
      expect(read[0]!.branches).toHaveLength(2);
    }
    expect(episodes.map(({ run }) => run)).toMatchObject([
      { type: 'eval' },
      { type: 'eval' },
      { type: 'train', work: { step: 12, policy: { start: 12, end: 12 } } },
    ]);
  });
});

it('slime reads one sample a candidate whose tokens are known', async () => {
  const { out, manifest } = await exported('slime');
  expect(manifest).toMatchObject({ rows: { train: 8 }, drops: { no_tokens: 1 } });
  const { samples } = await readWithPython<{ samples: Record<string, unknown>[] }>(
    readerPython,
    'read_slime.py',
    join(out, 'train.jsonl'),
  );
  const exact = candidatesOf().filter((candidate) => tokensOf(candidate));
  expect(samples).toMatchObject(
    exact.map((candidate) => {
      const { promptTokenIds, completionTokenIds, logprobs, imagePlaceholders } = tokensOf(candidate)!;
      return {
        tokens: [...promptTokenIds, ...completionTokenIds],
        response: completionTokenIds,
        log_probs: logprobs,
        reward: candidate.reward.terms.overall,
        placeholders: imagePlaceholders,
        images: imagePlaceholders!.map(({ image }) => `images/${image}.png`),
      };
    }),
  );
});

it('verl-omni reads the states and steps of each trajectory, with the hashes of their files', async () => {
  const { out, manifest } = await exported('visual-reflection');
  const { trajectories } = await readWithPython<{ trajectories: { states: string[]; steps: { action: string }[] }[] }>(
    readerPython,
    'read_visual_reflection.py',
    join(out, 'train.jsonl'),
  );
  expect(trajectories).toHaveLength(manifest.rows.train);
  for (const [index, { states, steps }] of trajectories.entries()) {
    const [draft, refinement] = traces[index]!.trace.iterations;
    expect(states).toEqual(
      [draft, refinement]
        .map((iteration) => iteration!.candidates[0]!.render)
        .map((render) => render?.status === 'ok' && render.image),
    );
    expect(steps.map(({ action }) => action)).toEqual(['continue', 'stop']);
  }
});

describe.skipIf(!trainers.python)(
  `datasets${trainers.reason && ` (skipped: ${trainers.reason}, see CONTRIBUTING.md)`}`,
  () => {
    const load = async (format: string) => {
      const { out, manifest } = await exported(format);
      const { train = [], rows = train } = await readWithPython<Record<string, Record<string, unknown>[]>>(
        trainers.python!,
        'read_datasets.py',
        out,
      );
      expect(rows).toHaveLength(manifest.rows.train);
      return rows;
    };
    const pixels = async (id: string) => ({ pixels: await pixelHash(blobs.get(id)!) });
    const renderOf = ({ render }: ReturnType<typeof candidatesOf>[number]) =>
      render?.status === 'ok' ? render.image : null;

    it.each(['parquet', 'folder'])(
      'loads %s with its images, its groups and what it does not know as null',
      async (format) => {
        const failed = traces[1]!.trace.iterations[1]!.candidates[1]!;
        failed.render = { status: 'failed', kind: 'syntax', message: 'Unclosed element.', renderer: 'svg 1', ms: 1 };
        failed.call!.reasoning = null;
        const rows = await load(format);
        const candidates = candidatesOf();
        for (const [index, row] of rows.entries()) {
          const candidate = candidates[index]!;
          const { trace } = traces.find((each) => each.trace.job.id === candidate.jobId)!;
          const render = renderOf(candidate);
          expect(row).toMatchObject({
            candidate_id: candidate.id,
            target: await pixels(trace.job.target.image),
            render: render && (await pixels(render)),
            code: new TextDecoder().decode(blobs.get(candidate.code!)),
            score: candidate.reward.terms.overall,
            alarms: [],
            parent_ids: candidate.parents,
            group_size: trace.iterations[candidate.iteration]!.candidates.length,
            group_all_failed: false,
            failure_kind: candidate === failed ? 'syntax' : null,
            reasoning: candidate === failed ? null : 'The circle is red.',
          });
          expect(row['terms']).toContainEqual({ term: 'text', score: null });
        }
      },
    );

    it('loads critic rows with boxes, and rows without any', async () => {
      const rows = await load('critic');
      const [{ trace }] = traces as [RealTrace];
      const target = await pixels(trace.job.target.image);
      const [draft, refinement] = trace.iterations.map(({ candidates }) => candidates[0]!);
      expect(rows.slice(0, 2)).toMatchObject([
        {
          images: [target, await pixels(renderOf(draft!)!)],
          objects: { ref: ['scores 0.500, 90 % of the lost score'], bbox: [[8, 8, 24, 24]], image_id: [0] },
          findings: [{ x: 8, y: 8, width: 16, height: 16 }],
          done: false,
        },
        {
          images: [target, await pixels(renderOf(refinement!)!)],
          objects: { ref: [], bbox: [], image_id: [] },
          findings: [],
          done: true,
        },
      ]);
    });
  },
);
