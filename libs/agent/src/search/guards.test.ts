import { fence, type Box, type Iteration } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { refine } from '../loop/refine.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';
import { searchStrategies } from './index.ts';
import type { SearchStrategy } from './strategy.ts';

const wholeTarget: Box = { x: 0, y: 0, width: 64, height: 64 };

/** Plays a strategy whose model answers in order. `locked`: regions that the select of every round sees as locked. */
async function play(
  strategy: string,
  codes: readonly string[],
  { locked = [], ...policy }: { locked?: Box[] } & Record<string, unknown> = {},
) {
  const scripted = scriptedPorts(({ call }) => fence(codes[Math.min(call, codes.length - 1)]!, 'svg'));
  const settings = { threshold: 1, patience: 20, maxIterations: codes.length, rewriteBelow: 0, ...policy, strategy };
  const job = await scriptedJob(scripted, { policy: settings });
  const strategies = searchStrategies.map((known) => withLocks(known, locked));
  const exit = await refine(refineInput(scripted, job, { strategies }));
  return { ...scripted, exit, verdicts: scripted.iterations.map(({ verdicts }) => verdicts[0]) };
}

const withLocks = (strategy: SearchStrategy, locked: Box[]): SearchStrategy => ({
  ...strategy,
  select: (tree, round, context) => strategy.select(tree, round, { ...context, locked }),
});

const bestOf = (iterations: readonly Iteration[]): number | undefined => iterations.at(-1)?.best?.iteration;
const bitmap = `draw 0.99 data:image/png;base64,${'iVBORw0KGgo'.repeat(60)}`;
const textOf = ({ prompts }: { prompts: { messages: { content: object[] }[] }[] }, index: number): string =>
  JSON.stringify(prompts[index]!.messages[0]!.content);

describe.each(searchStrategies.map(({ id }) => id))('with the strategy %s', (strategy) => {
  const gains: [string, string[], string, Record<string, unknown>][] = [
    ['loses text that was right', ['draw 0.8 text=0.9', 'draw 0.9 text=0.5'], 'text_lost', { maxTextLoss: 1 }],
    ['lowers the worst tile', ['draw 0.8 tile=0.7', 'draw 0.9 tile=0.6'], 'tile_lost', { maxTileLoss: 1 }],
  ];

  it.each(gains)('holds back a gain that %s, unless the policy allows it', async (_, codes, verdict, off) => {
    const held = await play(strategy, codes);
    expect(held.verdicts).toEqual(['accepted', verdict]);
    expect(bestOf(held.iterations)).toBe(0);
    const free = await play(strategy, codes, off);
    expect(free.verdicts).toEqual(['accepted', 'accepted']);
    expect(bestOf(free.iterations)).toBe(1);
  });

  it('holds back a gain that makes a locked region worse, and one elsewhere not', async () => {
    const codes = ['draw 0.5 worst 0', 'draw 0.9 worst 5'];
    const cell = { x: 16, y: 16, width: 16, height: 16 };
    expect((await play(strategy, codes, { locked: [cell] })).verdicts).toEqual(['accepted', 'lock_broken']);
    expect((await play(strategy, codes, { locked: [cell], maxLockedLoss: 1 })).verdicts).toEqual([
      'accepted',
      'accepted',
    ]);
    expect((await play(strategy, codes, { locked: [wholeTarget] })).verdicts).toEqual(['accepted', 'accepted']);
  });

  it('accepts a loss within the tolerance', async () => {
    const codes = ['draw 0.8 tile=0.7 text=0.9', 'draw 0.9 tile=0.69 text=0.89'];
    expect((await play(strategy, codes)).verdicts).toEqual(['accepted', 'accepted']);
  });

  it('never accepts an image that is embedded, whatever the policy', async () => {
    const { verdicts, exit, iterations } = await play(strategy, [bitmap, 'draw 0.6', bitmap, 'draw 0.8'], {
      ...{ maxTextLoss: 1, maxTileLoss: 1, maxLockedLoss: 1 },
    });
    expect(verdicts).toEqual(['embedded_bitmap', 'accepted', 'embedded_bitmap', 'accepted']);
    expect(exit).toMatchObject({ outcome: 'best_effort' });
    expect(bestOf(iterations)).toBe(3);
  });

  it('never accepts a render of which bitmaps cover more than the policy allows', async () => {
    const codes = ['draw 0.9 bitmaps=0.2', 'draw 0.6 bitmaps=0.05'];
    expect((await play(strategy, codes)).verdicts).toEqual(['embedded_bitmap', 'accepted']);
    expect((await play(strategy, codes.toReversed(), { maxBitmapShare: 0.5 })).verdicts).toEqual([
      'accepted',
      'accepted',
    ]);
  });

  it('never accepts what shows nothing, with or without an image, whatever it scores', async () => {
    const { verdicts, iterations } = await play(strategy, ['empty', 'draw 0.9 blank', 'draw 0.6', 'draw 0.95 blank']);
    expect(verdicts).toEqual(['blank', 'blank', 'accepted', 'blank']);
    expect(bestOf(iterations)).toBe(2);
  });
});

it('accepts the best of a group that no guard holds back', async () => {
  const codes = ['draw 0.8 tile=0.8', 'draw 0.8 tile=0.8', 'draw 0.95 tile=0.2', 'draw 0.9 tile=0.85'];
  const { iterations } = await play('greedy', codes, { candidates: 2, maxIterations: 2 });
  expect(iterations.map(({ verdicts }) => verdicts)).toEqual([
    ['accepted', 'duplicate'],
    ['tile_lost', 'accepted'],
  ]);
});

it('says no gain where there is none, whatever else was lost', async () => {
  const { verdicts } = await play('greedy', ['draw 0.8 tile=0.8', 'draw 0.8002 tile=0.1']);
  expect(verdicts).toEqual(['accepted', 'no_gain']);
});

it('compares a beam with its own parents too, which are not the best', async () => {
  const codes = ['draw 0.8 tile=0.8', 'draw 0.7 tile=0.7', 'draw 0.85 tile=0.85', 'draw 0.75 tile=0.3'];
  const { iterations } = await play('beam', codes, { width: 2, maxIterations: 4 });
  expect(iterations.map(({ verdicts }) => verdicts[0])).toEqual(['accepted', 'accepted', 'accepted', 'tile_lost']);
});

it('says in the next prompt what a gain lost', async () => {
  const codes = ['draw 0.8 tile=0.7 text=0.9', 'draw 0.9 tile=0.6 text=0.9', 'draw 0.9 tile=0.8 text=0.4', 'draw 1'];
  const played = await play('greedy', codes);
  expect(textOf(played, 2)).toContain('scored 0.910, but spoiled one part: the worst tile fell to 0.600');
  expect(textOf(played, 3)).toContain('scored 0.910, but lost text that was right: the text score fell to 0.400');
});

it('asks for a drawing after an embedded image, and says so where nothing else comes', async () => {
  const played = await play('greedy', [bitmap], { repairs: 2, maxIterations: 8 });
  expect(textOf(played, 1)).toContain('The code below renders, but cannot be accepted.');
  expect(textOf(played, 1)).toContain('The code held the image as pixels, which is never accepted');
  expect(played.exit).toMatchObject({
    outcome: 'nothing_rendered',
    detail: 'Nothing rendered but embedded bitmaps after 2 repair prompts.',
    error: { message: expect.stringContaining('embeds the image as a bitmap') },
  });
});

it('shows no embedded image as an alternative to take from', async () => {
  const played = await play('recombine', ['draw 0.8 worst 5', `${bitmap} worst 2`, 'draw 0.9']);
  expect(textOf(played, 2)).not.toContain('Another candidate scores');
});
