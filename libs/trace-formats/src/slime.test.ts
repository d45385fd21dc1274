import { expect, it } from 'vitest';
import { exportTraces } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { exportSamples } from '../../traces/src/testing/read-tables.ts';
import { blobOf, sampleTrace } from '../../traces/src/testing/traces.ts';
import { slime } from './slime.ts';

it('writes a sample a candidate, with a group index for each prompt', async () => {
  const rows = await exportSamples(slime, 'train.jsonl', 2);
  expect(rows.map(({ group_index, index }) => [group_index, index])).toEqual([
    [0, 0],
    [1, 16],
    [1, 17],
    [1024, 16384],
    [1025, 16400],
    [1025, 16401],
  ]);
  const images = [`images/${blobOf('target 1')}.png`, `images/${blobOf('render 0/0 1')}.png`];
  expect(rows[1]).toMatchObject({
    tokens: [1, 7, 7, 2, 7, 7, 2, 3, 4, 5, 6],
    response_length: 3,
    loss_mask: [1, 1, 1],
    rollout_log_probs: [-0.1, -0.2, -0.3],
    weight_versions: ['step 7'],
    multimodal_inputs: { images },
    reward: 0.96,
    status: 'completed',
    metadata: { terms: { overall: 0.96 }, iteration: 1, logprobs_mode: 'processed_logprobs' },
  });
  const prompt = rows[1]!['prompt'] as { role: string; content: { type: string; image?: string }[] }[];
  expect(prompt.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(prompt[1]!.content.flatMap(({ image }) => image ?? [])).toEqual(images);
});

it('lists calls without tokens, and with tokens that cannot be right, with the reason, and marks replies that were cut off', async () => {
  const trace = sampleTrace(1);
  const [draft, best, other] = trace.iterations.flatMap(({ candidates }) => candidates);
  draft!.call!.capture = { level: 'text_only', reason: 'The server sent no token ids.' };
  best!.call!.capture = { level: 'token_exact', tokens: blobOf('tokens 0/0 1') };
  other!.call!.finishReason = 'length';
  trace.job.policyVersion = other!.call!.served.model = null;
  const files = new MemoryFiles();
  await exportTraces(slime, streamOf([trace]), memoryContext(files));
  expect(files.lines('drops.jsonl')).toMatchObject([
    { reason: 'no_tokens', detail: 'The server sent no token ids.', candidate: draft!.id },
    {
      reason: 'token_mismatch',
      detail: 'There are 1 image placeholders and 2 images in the prompt.',
      candidate: best!.id,
    },
  ]);
  expect(files.lines('train.jsonl')).toMatchObject([{ status: 'truncated', weight_versions: [] }]);
});
