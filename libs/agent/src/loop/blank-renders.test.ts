import { expect, it } from 'vitest';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';
import { refine } from './refine.ts';

const code = (text: string) => `Here it is.\n\n\`\`\`svg\n${text}\n\`\`\``;

it('tells the model that nothing was drawn, whatever that scored, until something is', async () => {
  const replies = ['draw 0.9 blank', 'draw 0.6'];
  const scripted = scriptedPorts(({ call }) => code(replies[call]!));
  const job = await scriptedJob(scripted, { policy: { maxIterations: 2 } });
  await refine(refineInput(scripted, job));
  expect(scripted.tasks[1]).toMatchObject({ task: 'repair', patches: [] });
  expect(JSON.stringify(scripted.prompts[1])).toContain('The code drew nothing, or one single color.');
  expect(scripted.iterations.map(({ verdicts }) => verdicts)).toEqual([['blank'], ['accepted']]);
});
