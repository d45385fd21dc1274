import { fence, refinementRequest } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { refine } from '../loop/refine.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';

const code = (text: string) => fence(text, 'svg');

async function play(promptSet: string) {
  const scripted = scriptedPorts(({ call }) => code(call === 0 ? 'draw 0.8' : 'draw 1'));
  const job = await scriptedJob(scripted, { policy: { promptSet } });
  return { prompts: scripted.prompts, exit: await refine(refineInput(scripted, job)) };
}

it('writes prompts of the set that the policy names, and says by which template each was written', async () => {
  const { prompts } = await play('vincicoder');
  expect(prompts.map(({ template }) => template)).toMatchObject([
    { set: 'vincicoder', name: 'draft', version: 1 },
    { set: 'vincicoder', name: 'refine', version: 1 },
  ]);
  expect(prompts.map(({ instructions }) => instructions)).toEqual(['', '']);
  const [[target, draft] = [], refinement] = prompts.map(({ messages }) => messages[0]!.content);
  expect(target).toMatchObject({ type: 'image', width: 64, height: 64 });
  expect(draft).toEqual({ type: 'text', text: 'Write the svg code that draws this image.' });
  expect(refinement).toEqual([target, { type: 'text', text: `${refinementRequest}\n\n${code('draw 0.8')}` }]);
});

it('ends with an error that names the prompt sets, where the policy names another one', async () => {
  expect((await play('terse')).exit).toMatchObject({
    stopReason: 'error',
    detail: expect.stringContaining('only standard, vincicoder'),
    error: { code: 'prompt_set_unknown' },
  });
});
