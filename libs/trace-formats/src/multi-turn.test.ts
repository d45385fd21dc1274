import { expect, it } from 'vitest';
import { exportTraces, type Trace } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { exportSamples } from '../../traces/src/testing/read-tables.ts';
import { blobOf, sampleTrace } from '../../traces/src/testing/traces.ts';
import { multiTurn } from './multi-turn.ts';

interface Turn {
  messages: { role: string; content: { type: string; text?: string; image?: string }[]; loss: boolean }[];
}

async function exportOne(trace: Trace) {
  const files = new MemoryFiles();
  await exportTraces(multiTurn, streamOf([trace]), memoryContext(files));
  return files;
}

it('writes the turns to the best candidate with their scores, their messages and their tokens', async () => {
  const [row] = await exportSamples(multiTurn, 'train.jsonl', 1);
  expect(row).toMatchObject({
    turns: [
      { iteration: 0, kind: 'draft', branch_break: false, score: 0.8, gain: null },
      { iteration: 1, kind: 'refine', branch_break: true, score: 0.96, logprobs_mode: 'processed_logprobs' },
    ],
    turn_scores: [0.8, 0.96],
    initial_score: null,
    segments: [
      { turns: [0], token_ids: [1, 7, 7, 2, 3, 4, 5, 6], loss_mask: [0, 0, 0, 0, 0, 1, 1, 1] },
      { turns: [1], image_placeholders: [{ image: blobOf('target 1') }, { image: blobOf('render 0/0 1') }] },
    ],
    stop_reason: 'threshold',
    score: 0.96,
  });
  const [, { messages }] = row!['turns'] as [Turn, Turn];
  expect(messages.map(({ role, loss }) => [role, loss])).toEqual([
    ['system', false],
    ['user', false],
    ['assistant', true],
  ]);
  expect(messages[1]!.content.flatMap(({ image }) => image ?? [])).toEqual([
    `images/${blobOf('target 1')}.png`,
    `images/${blobOf('render 0/0 1')}.png`,
  ]);
  // A part has the key of its type alone: templates test whether a key is there.
  expect(Object.keys(messages[1]!.content[2]!)).toEqual(['type', 'image']);
});

it('starts after code that came with the job, and says what it scored', async () => {
  const trace = sampleTrace(1);
  trace.iterations[0]!.candidates[0]!.call = null;
  const files = await exportOne(trace);
  expect(files.lines('train.jsonl')).toMatchObject([{ turn_scores: [0.96], initial_score: 0.8 }]);
});

it('lists trajectories in which nothing rendered, or the best code came with the job', async () => {
  const nothing = sampleTrace(1);
  nothing.job.best = null;
  expect((await exportOne(nothing)).lines('drops.jsonl')).toMatchObject([{ reason: 'not_rendered' }]);
  const provided = sampleTrace(1);
  for (const { candidates } of provided.iterations) candidates[0]!.call = null;
  expect((await exportOne(provided)).lines('drops.jsonl')).toMatchObject([{ reason: 'no_call' }]);
});
