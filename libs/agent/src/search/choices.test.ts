import { fence, type Candidate } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { refine } from '../loop/refine.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';
import { searchStrategies } from './index.ts';

/** Plays a job of a strategy whose model answers in order, the last reply again for ever. Names candidates by their code. */
async function play(strategy: string, codes: readonly string[], policy: object = {}) {
  const scripted = scriptedPorts(({ call }) => fence(codes[Math.min(call, codes.length - 1)]!, 'svg'));
  const settings = { threshold: 1, patience: 20, maxIterations: codes.length, ...policy, strategy };
  const job = await scriptedJob(scripted, { policy: settings });
  const exit = await refine(refineInput(scripted, job, { strategies: searchStrategies }));
  const all = new Map(scripted.candidates.map((candidate) => [candidate.id, candidate]));
  const scoreOf = ({ reward }: Candidate): number => Number(reward.terms.visual.toFixed(2));
  const rounds = scripted.iterations.map(({ kind, parents, candidates, verdicts }) => ({
    kind,
    from: parents.map((id) => scoreOf(all.get(id)!)),
    scores: candidates.map(scoreOf),
    verdicts,
  }));
  return { ...scripted, exit, rounds };
}
const textOf = ({ prompts }: { prompts: { messages: { content: object[] }[] }[] }, index: number): string =>
  JSON.stringify(prompts[index]!.messages[0]!.content);

it('best-of-n drafts from the target alone, and keeps the best', async () => {
  const played = await play('best-of-n', ['draw 0.7', 'draw 0.9', 'draw 0.8']);
  expect(played.rounds.map(({ kind, from }) => [kind, from])).toEqual([
    ['draft', []],
    ['draft', []],
    ['draft', []],
  ]);
  expect(played.rounds.flatMap(({ verdicts }) => verdicts)).toEqual(['accepted', 'accepted', 'no_gain']);
  expect(textOf(played, 2)).not.toContain('draw 0.9');
});

describe('beam', () => {
  it('improves its best candidates side by side, and drops those that others exceed', async () => {
    const codes = [
      'draw 0.5 worst 1',
      'draw 0.6 worst 2',
      'draw 0.7 worst 3',
      'draw 0.65 worst 4',
      'draw 0.72 worst 5',
    ];
    const { rounds } = await play('beam', codes, { width: 2, candidates: 1, maxIterations: 5 });
    expect(rounds.map(({ from, scores }) => [from, scores])).toEqual([
      [[], [0.5]],
      [[0.5], [0.6]],
      [[0.6], [0.7]],
      [[0.5], [0.65]],
      [[0.7], [0.72]],
    ]);
    expect(rounds.map(({ verdicts }) => verdicts)).toEqual(Array(5).fill(['accepted']));
  });

  it('says in the next prompt from the same code what came of the last one', async () => {
    const codes = ['draw 0.5 worst 1', 'draw 0.6 worst 2', 'draw 0.7 worst 3', 'draw 0.65 worst 4'];
    const played = await play('beam', codes, { width: 2, maxIterations: 4 });
    expect(textOf(played, 3)).toMatch(
      /Tried from this code before:\\n- Iteration 1: .*scored 0\.\d+, and was kept beside this code/,
    );
  });

  it('accepts no candidate that scores as good as the best but for noise', async () => {
    const { rounds } = await play('beam', ['draw 0.8', 'draw 0.8003'], { width: 2, minGain: 0.001 });
    expect(rounds.map(({ verdicts }) => verdicts)).toEqual([['accepted'], ['no_gain']]);
  });
});

describe('tree', () => {
  it('opens a further branch that scores less than the best, and comes back from one that gains nothing', async () => {
    const codes = ['draw 0.6', 'draw 0.5 worst 1', 'draw 0.52 worst 1', 'draw 0.53 worst 1', 'draw 0.9'];
    const { rounds } = await play('tree', codes);
    expect(rounds[1]).toMatchObject({ from: [0.6], verdicts: ['no_gain'] });
    expect(rounds.slice(2).some(({ kind, verdicts }) => kind === 'draft' && verdicts[0] === 'accepted')).toBe(true);
    expect(rounds.at(-1)).toMatchObject({ scores: [0.9], verdicts: ['accepted'] });
  });

  it('counts a gain on the own parent, not on the best of all', async () => {
    const { rounds } = await play('tree', ['draw 0.8 worst 1', 'draw 0.7', 'draw 0.78 worst 2', 'draw 0.79 worst 3']);
    expect(rounds.map(({ from, verdicts }) => [from, verdicts[0]])).toEqual([
      [[], 'accepted'],
      [[0.8], 'no_gain'],
      [[], 'accepted'],
      [[0.78], 'accepted'],
    ]);
  });
});

describe('recombine', () => {
  const codes = ['draw 0.8 worst 5', 'draw 0.7 worst 2', 'draw 0.75 worst 9', 'draw 0.95'];

  it('shows the candidate that was left with the regions in which it is better, once', async () => {
    const played = await play('recombine', codes);
    expect(played.rounds.map(({ from }) => from)).toEqual([[], [0.8], [0.8, 0.7], [0.8, 0.75]]);
    expect(textOf(played, 2)).toContain(
      'Another candidate scores 0.730; image 5 shows what it draws. It is better in x=16 y=16 width=16 height=16 (image 6).',
    );
    expect(textOf(played, 2)).toContain('draw 0.7 worst 2');
    expect(played.rounds.at(-1)).toMatchObject({ scores: [0.95], verdicts: ['accepted'] });
  });

  it('goes on as greedy where the best is better everywhere', async () => {
    const { rounds } = await play('recombine', ['draw 0.8 worst 5', 'draw 0.6 worst 5', 'draw 0.9']);
    expect(rounds.map(({ from }) => from)).toEqual([[], [0.8], [0.8]]);
  });
});
