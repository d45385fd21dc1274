import { estimateTokens, fence, writeEdit, type Prompt } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { refine } from '../loop/refine.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';

const edit = (replace: string) => fence(writeEdit({ search: '0.8', replace }), 'svg');

const textOf = ({ messages }: Prompt): string =>
  messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'text' ? [part.text] : []))).join('\n');
const imagesOf = ({ messages }: Prompt): number =>
  messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image')).length;

/** The prompts of four iterations, where the model's context holds so many tokens. */
async function promptsWithin(contextTokens: number): Promise<Prompt[]> {
  const scripted = scriptedPorts(({ call }) => (call === 0 ? fence('draw 0.8 worst 5', 'svg') : edit('0.7')));
  scripted.state.limits = { images: Infinity, contextTokens };
  const policy = { maxIterations: 4, maxOutputTokens: 256 };
  await refine(refineInput(scripted, await scriptedJob(scripted, { policy })));
  return scripted.prompts;
}

describe('a prompt within a context', () => {
  it('leaves nothing out where there is room', async () => {
    const prompts = await promptsWithin(8000);
    expect(prompts.map(imagesOf)).toEqual([1, 4, 4, 4]);
    expect(prompts.map(textOf).join()).not.toContain('Left out');
  });

  it.each([
    { tokens: 1000, images: 2, omitted: '2 images.' },
    { tokens: 600, images: 1, omitted: '3 images, the earlier tries.' },
  ])('leaves out crops, then the earlier tries, and says so: $tokens tokens', async ({ tokens, images, omitted }) => {
    const last = (await promptsWithin(tokens)).at(-1)!;
    expect(imagesOf(last)).toBe(images);
    expect(textOf(last)).toContain(`Left out, because the model's server takes no more in a request: ${omitted}`);
    expect(textOf(last)).toContain('The current code:\n\n```svg\ndraw 0.8 worst 5');
  });
});

describe('a model that refuses a prompt for its length', () => {
  it('is asked with shorter ones until it takes one', async () => {
    const scripted = scriptedPorts(({ prompt, call }) => {
      if (call === 0) return fence('draw 0.8 worst 5', 'svg');
      if (imagesOf(prompt) <= 2) return edit('1');
      scripted.state.limits = { images: Infinity, contextTokens: estimateTokens(prompt) };
      return undefined;
    });
    const exit = await refine(refineInput(scripted, await scriptedJob(scripted)));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
    expect(scripted.prompts.map(imagesOf)).toEqual([1, 4, 1]);
    expect(scripted.events.filter(({ type }) => type === 'call.retried')).toMatchObject([
      {
        data: {
          iteration: 1,
          reason: expect.stringMatching(/takes no more than \d+ tokens: asked again with a smaller prompt/),
        },
      },
    ]);
  });

  it('is not asked again where the prompt cannot be shorter', async () => {
    const scripted = scriptedPorts(() => {
      scripted.state.limits = { images: Infinity, contextTokens: scripted.state.limits.contextTokens / 2 };
      return undefined;
    });
    scripted.state.limits = { images: Infinity, contextTokens: 1e6 };
    const exit = await refine(refineInput(scripted, await scriptedJob(scripted)));
    expect(exit).toMatchObject({ stopReason: 'error' });
    expect(scripted.prompts).toHaveLength(2);
  });
});
