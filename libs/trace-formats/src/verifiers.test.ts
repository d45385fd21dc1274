import { expect, it } from 'vitest';
import { exportTraces, type Trace, type TraceExporter } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import { verifiersTrajectories } from './verifiers-trajectories.ts';
import { verifiers } from './verifiers.ts';

interface Episode {
  id: string;
  group: { id: string };
  run: object;
  task: { key: string; hash: string };
  traces: { nodes: { message: { content: { image_url?: { url: string } }[] } }[] }[];
}

async function episodes(exporter: TraceExporter, change: (trace: Trace) => void = () => undefined): Promise<Episode[]> {
  const trace = sampleTrace(1);
  change(trace);
  const files = new MemoryFiles();
  await exportTraces(exporter, streamOf([trace]), memoryContext(files));
  return files.lines('traces.jsonl') as unknown as Episode[];
}

const { job } = sampleTrace(1);

it('writes a group as an episode, with a trace a candidate', async () => {
  const [, group] = await episodes(verifiers);
  const prompt = { token_ids: [], mask: [], logprobs: [], sampled: false };
  expect(group).toMatchObject({
    id: `${job.id}/1`,
    group: { id: `${job.id}/1` },
    run: { type: 'eval', id: job.id },
    task: { key: expect.stringMatching(/^[0-9a-f]{64}$/), data: { target: blobOf('target 1'), language: 'svg' } },
    ok: true,
    errors: [],
    traces: [
      {
        rewards: { overall: { score: 0.96, weight: 1 } },
        metrics: { visual: 0.96, text: null, best: 1, pass_at_n: 1 },
        info: { turn_rewards: [0.96], turns: [{ parent_score: 0.8, policy_version: 'step 7' }] },
        nodes: [
          { ...prompt, parent: null, message: { role: 'system' } },
          { ...prompt, parent: 0, message: { role: 'user' } },
          {
            parent: 1,
            sampled: true,
            message: { role: 'assistant', reasoning_content: 'The circle is red.' },
            token_ids: [1, 7, 7, 2, 7, 7, 2, 3, 4, 5, 6],
            mask: [...Array<boolean>(8).fill(false), true, true, true],
            logprobs: [-0.1, -0.2, -0.3],
          },
        ],
        calls: [{ node: 2, finish_reason: 'stop', usage: { prompt_tokens: 100, completion_tokens: 20 } }],
      },
      { rewards: { overall: { score: 0.7 } }, metrics: { best: 0, pass_at_n: 1 } },
    ],
  });
  const uri = `data:image/png;base64,${btoa(String.fromCharCode(...(await readSampleBlob(blobOf('target 1')))!))}`;
  const content = group!.traces[0]!.nodes[1]!.message.content;
  expect(content.flatMap(({ image_url }) => image_url?.url ?? [])[0]).toBe(uri);
});

it('writes a trajectory as one trace, with a branch and a reward a turn', async () => {
  const [episode] = await episodes(verifiersTrajectories);
  expect(episode).toMatchObject({
    id: job.id,
    traces: [
      {
        rewards: { overall: { score: 0.96 } },
        info: { turn_rewards: [0.8, 0.96], turns: [{ branch_break: false }, { branch_break: true }] },
        nodes: [null, 0, 1, null, 3, 4].map((parent) => ({ parent })),
        calls: [{ node: 2 }, { node: 5 }],
        stop_condition: 'threshold',
      },
    ],
  });
});

it('groups trajectories by task, model and policy', async () => {
  const groupOf = async (change?: (trace: Trace) => void) =>
    (await episodes(verifiersTrajectories, change))[0]!.group.id;
  const group = await groupOf();
  expect(await groupOf(({ job }) => (job.name = 'other.png'))).toBe(group);
  expect(await groupOf(({ job }) => (job.policy.candidates = 4))).not.toBe(group);
  expect(await groupOf(({ job }) => (job.policyVersion = 'step 8'))).not.toBe(group);
});

it('gives the versions of the policy where they are numbers', async () => {
  const [episode] = await episodes(verifiersTrajectories, (trace) => {
    trace.job.policyVersion = null;
    for (const [index, { candidates }] of trace.iterations.entries())
      for (const { call } of candidates) call!.served.weightVersion = String(12 + index);
  });
  expect(episode!.run).toEqual({
    type: 'train',
    id: job.id,
    work: { type: 'train', step: 13, policy: { start: 12, end: 13 } },
  });
});

it('keeps calls of which only the text is known, without tokens, and calls that failed, with the reason', async () => {
  const [draft] = await episodes(verifiers, ({ iterations, failedCalls }) => {
    const { call } = iterations[0]!.candidates[0]!;
    call!.capture = { level: 'text_only', reason: 'The server sent no token ids.' };
    call!.usage.outputTokens = null;
    const { model, prompt, sampling } = call!;
    const failure = { kind: 'refused', message: 'No.', attempts: 1 } as const;
    failedCalls.push({ iteration: 0, candidate: 0, model, prompt, sampling, failure, at: job.createdAt });
  });
  expect(draft!.traces).toMatchObject([
    {
      nodes: [{}, {}, { sampled: true, token_ids: [], mask: [], logprobs: [] }],
      calls: [
        { node: null, error: { type: 'refused', message: 'No.' } },
        { node: 2, usage: null },
      ],
      info: { turns: [{ capture: { level: 'text_only' } }] },
    },
  ]);
});

it('lists groups of code that came with the job', async () => {
  const trace = sampleTrace(1);
  trace.iterations[0]!.candidates[0]!.call = null;
  const files = new MemoryFiles();
  await exportTraces(verifiers, streamOf([trace]), memoryContext(files, { splitOf: () => 'test' }));
  expect(files.lines('drops.jsonl')).toMatchObject([{ reason: 'no_call', iteration: 0 }]);
  expect(files.lines('test/traces.jsonl')).toHaveLength(1);
});
