import { fence } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';
import { refine } from './refine.ts';

it('stops where the threshold and every minimum is reached, and says all figures', async () => {
  const codes = ['draw 0.95 tile=0.8', 'draw 0.97 tile=0.85', 'draw 0.98 tile=0.9', 'draw 1'];
  const scripted = scriptedPorts(({ call }) => fence(codes[call]!, 'svg'));
  const policy = { threshold: 0.96, minimums: { worstTile: 0.9, size: 1 }, rewriteBelow: 1 };
  const exit = await refine(refineInput(scripted, await scriptedJob(scripted, { policy })));
  expect(scripted.iterations).toHaveLength(3);
  expect(exit).toMatchObject({
    outcome: 'threshold_met',
    detail:
      'The best score 0.982 is at or above the threshold 0.960, its worst tile score 0.900 is at or above the minimum 0.900, its size score 1.000 is at or above the minimum 1.000.',
  });
});
