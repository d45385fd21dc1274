import { fence, type Intervention, type Prompt, type RefinementResult } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { searchStrategies } from '../search/index.ts';
import type { SearchContext, SearchStrategy } from '../search/strategy.ts';
import { alternating } from '../testing/alternating.ts';
import { waiting } from '../testing/interventions.ts';
import {
  refineInput,
  scriptedJob,
  scriptedPorts,
  type Scripted,
  type ScriptedReply,
} from '../testing/scripted-ports.ts';
import { varied } from '../testing/varied-replies.ts';
import type { RefineInput } from './input.ts';
import { refine } from './refine.ts';
import { stopBeforeContinuing } from './stop.ts';

const box = { x: 4, y: 8, width: 16, height: 12 };
const strategies = [...searchStrategies, alternating].map((strategy) => ({ id: strategy.id, strategy }));

const textOf = ({ messages }: Prompt): string =>
  messages[0]!.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

interface Settings {
  strategy?: string;
  reply?: ScriptedReply;
  policy?: object;
  budget?: object;
}

async function start({ strategy = 'greedy', reply = varied, policy = {}, budget = {} }: Settings = {}) {
  /** What happens while the first reply of the round is on its way that begins after so many iterations, or more. */
  const acts: { after: number; act: () => void }[] = [];
  const scripted: Scripted = scriptedPorts((request) => {
    for (const { act } of acts.filter(({ after }) => after <= scripted.iterations.length)) act();
    acts.splice(0, Infinity, ...acts.filter(({ after }) => after > scripted.iterations.length));
    return reply(request);
  });
  const defaults = { strategy, seed: 5, maxIterations: 7, threshold: 1, patience: 20 };
  const job = await scriptedJob(scripted, { policy: { ...defaults, ...policy }, budget });
  const run = (overrides: Partial<RefineInput> = {}) =>
    refine(
      refineInput(scripted, job, {
        from: [...scripted.iterations],
        strategies: [...searchStrategies, alternating],
        ...overrides,
      }),
    );
  return { scripted, job, acts, run };
}

const put = (scripted: Scripted, code: string) => scripted.put(new TextEncoder().encode(code));
const add = (scripted: Scripted, ...interventions: Intervention[]) => scripted.interventions.push(...interventions);

describe.each(strategies)('a job with the strategy $id', ({ id, strategy }) => {
  it('shows a marked region first and with its words, and a locked one, from the next round on until withdrawn', async () => {
    const { scripted, acts, run } = await start({ strategy: id });
    acts.push({
      after: 0,
      act: () =>
        add(
          scripted,
          waiting<'fix'>({ kind: 'fix', box, words: 'The legend\nis cut.' }),
          waiting<'lock'>({ kind: 'lock', box: { ...box, x: 40 } }),
        ),
    });
    const last = () => scripted.interventions.map((each) => ({ ...each, withdrawnAt: each.createdAt }));
    acts.push({ after: 2, act: () => scripted.interventions.splice(0, 2, ...last()) });
    await run();
    const { fromIteration, untilIteration } = scripted.interventions[0]!;
    expect(fromIteration).toBe(1);
    expect(untilIteration).toBeGreaterThan(1);
    expect(scripted.tasks[0]!.patches).toEqual([]);
    expect(scripted.tasks[1]!.patches[0]).toMatchObject({ patch: 1, box, words: 'The legend\nis cut.' });
    expect(scripted.tasks[1]!.locked).toEqual([{ ...box, x: 40 }]);
    expect(textOf(scripted.prompts[1]!)).toContain('The user says: "The legend is cut."');
    expect(textOf(scripted.prompts[1]!)).toContain('must stay as they are:\n- x=40 y=8 width=16 height=12');
    const after = scripted.prompts.at(-1)!;
    expect(textOf(after)).not.toContain('The user says');
    expect(textOf(after)).not.toContain('The user has locked');
  });

  it('tells the strategy which regions are locked', async () => {
    const seen: SearchContext[] = [];
    const spy: SearchStrategy = {
      ...strategy,
      plan: (tree, context) => (seen.push(context), strategy.plan(tree, context)),
      select: (tree, round, context) => (seen.push(context), strategy.select(tree, round, context)),
    };
    const { scripted, run } = await start({ strategy: id, policy: { maxIterations: 3 } });
    add(scripted, waiting<'lock'>({ kind: 'lock', box }));
    await run({ strategies: [spy] });
    expect(seen.length).toBeGreaterThan(2);
    for (const { locked } of seen) expect(locked).toEqual([box]);
  });

  it('renders and scores code by hand as the next round, without a call', async () => {
    const { scripted, acts, run } = await start({ strategy: id });
    const code = await put(scripted, 'draw 0.95');
    acts.push({
      after: 1,
      act: () => add(scripted, waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code })),
    });
    await run();
    const edits = scripted.iterations.filter(({ kind }) => kind === 'edit');
    expect(edits).toHaveLength(1);
    const [edit] = edits;
    expect(edit).toMatchObject({ parents: [scripted.candidates[0]!.id], verdicts: ['accepted'] });
    expect(edit!.candidates[0]).toMatchObject({
      call: null,
      parseStatus: 'provided',
      code,
      reward: { terms: { visual: 0.95 } },
    });
    expect(scripted.iterations.filter(({ kind }) => kind !== 'edit')).toHaveLength(7);
    expect(scripted.calls.some(({ iteration }) => iteration === edit!.index)).toBe(false);
  });

  it('goes on from another candidate, also one that was not accepted', async () => {
    const replies: ScriptedReply = ({ call }) =>
      fence(`draw ${[0.8, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45][call]} worst ${call}`, 'svg');
    const { scripted, acts, run } = await start({ strategy: id, reply: replies, policy: { width: 1 } });
    acts.push({
      after: 3,
      act: () => {
        const candidate = scripted.candidates.find(({ iteration }) => iteration === 1)!.id;
        add(scripted, waiting<'branch'>({ kind: 'branch', candidate }));
      },
    });
    await run();
    const from = scripted.interventions[0]!.fromIteration!;
    const left = scripted.iterations[1]!.candidates[0]!;
    const next = scripted.iterations.slice(from);
    expect(next[0]!.parents[0]).toBe(left.id);
    // What gains on the branch is accepted, and the job's best stays the highest of all.
    expect(next[0]!.verdicts).toEqual(['accepted']);
    expect(next.every(({ parents }) => parents.length > 0)).toBe(true);
    expect(next.flatMap(({ parents }) => parents)).not.toContain(scripted.candidates[0]!.id);
    expect(scripted.iterations.at(-1)!.best).toMatchObject({ iteration: 0 });
  });

  it('takes the same steps when a worker dies at any write, whatever came while a call was under way', async () => {
    const steps = async (writesLeft: number) => {
      const started = await start({ strategy: id, policy: { maxIterations: 5 } });
      const { scripted, acts, run } = started;
      const code = await put(scripted, 'draw 0.61 worst 2');
      acts.push({
        after: 2,
        act: () => {
          const candidate = scripted.candidates.find(({ render }) => render?.status === 'ok')!.id;
          add(
            scripted,
            waiting<'edit'>({ kind: 'edit', candidate, code }),
            waiting<'fix'>({ kind: 'fix', box, words: 'Too dark.' }),
            waiting<'branch'>({ kind: 'branch', candidate }),
          );
        },
      });
      scripted.state.writesLeft = writesLeft;
      const killed = await run().then(
        () => false,
        () => true,
      );
      scripted.state.writesLeft = Infinity;
      if (killed) await run();
      return scripted;
    };
    const whole = await steps(Infinity);
    expect(whole.iterations.some(({ kind }) => kind === 'edit')).toBe(true);
    for (let writes = 0; writes < whole.state.writes; writes++) {
      const resumed = await steps(writes);
      // A call that a dead worker had made is made again, and what came meanwhile does not change its prompt.
      expect(shapeOf(resumed)).toEqual(shapeOf(whole));
    }
  });
});

function shapeOf({ iterations, interventions, calls }: Scripted) {
  const positions = new Map(
    iterations.flatMap(({ candidates }) => candidates.map(({ id, iteration, index }) => [id, `${iteration}/${index}`])),
  );
  return {
    iterations: iterations.map(({ index, round, kind, parents, patches, candidates, verdicts }) => ({
      ...{ index, round, kind, patches, verdicts },
      parents: parents.map((id) => positions.get(id)),
      codes: candidates.map(({ code }) => code),
    })),
    held: interventions.map(({ kind, fromIteration }) => [kind, fromIteration]),
    prompts: calls.map(({ iteration, candidate, prompt }) => [iteration, candidate, prompt]).sort(),
  };
}

/** What the store does where a job is queued again and nothing of the next round is stored. */
const reopen = ({ state }: Scripted, endsAs: RefinementResult | null) => Object.assign(state, { begun: null, endsAs });

describe('a job that had ended', () => {
  const canceled = {
    stopReason: 'user',
    outcome: 'best_effort',
    detail: 'Canceled by the user.',
    error: null,
  } as const;

  it('runs an edit, also where a stop condition holds and its time is over, and ends as it had ended', async () => {
    const { scripted, job, run } = await start({ policy: { maxIterations: 2 }, budget: { maxSeconds: 10 } });
    await run();
    job.spent = { ...job.spent, seconds: 11 };
    scripted.ports.clock.timeout = () => AbortSignal.abort();
    reopen(scripted, canceled);
    add(
      scripted,
      waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code: await put(scripted, 'draw 0.2') }),
    );
    expect(await run()).toEqual({ kind: 'ended', ...canceled });
    expect(scripted.iterations.at(-1)).toMatchObject({ kind: 'edit', index: 2 });
    expect(scripted.tasks).toHaveLength(2);
  });

  it('meets its threshold where the edit does', async () => {
    const { scripted, run } = await start({ policy: { maxIterations: 2, threshold: 0.95 } });
    await run();
    reopen(scripted, canceled);
    add(
      scripted,
      waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code: await put(scripted, 'draw 1') }),
    );
    expect(await run()).toMatchObject({ stopReason: 'threshold', outcome: 'threshold_met' });
  });

  it('has a best where nothing had rendered and an edit does', async () => {
    const { scripted, run } = await start({ reply: () => 'No idea.', policy: { repairs: 0 } });
    const end = await run();
    expect(end).toMatchObject({ outcome: 'nothing_rendered' });
    reopen(scripted, {
      ...canceled,
      stopReason: 'error',
      outcome: 'nothing_rendered',
      error: { code: 'nothing_rendered', message: 'No.' },
    });
    add(
      scripted,
      waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code: await put(scripted, 'draw 0.5') }),
    );
    expect(await run()).toMatchObject({ outcome: 'best_effort', stopReason: 'plateau', error: null });
  });

  it.each([
    ['all that is recorded of a round, and nothing more', 'greedy', (iteration: number) => iteration],
    ['the reply that was paid for behind a gap, with the one before it', 'beam', (iteration: number) => iteration + 1],
  ])('keeps %s, before it runs an edit', async (_, strategy, paidAt) => {
    const { scripted, run } = await start({ strategy, policy: { candidates: 2, maxIterations: 6, width: 2 } });
    await run();
    // The round that was under way: one reply is recorded, the others are not.
    const first = scripted.iterations.find(({ round, index }) => round > 1 && index > 1)!.index;
    const kept = scripted.calls.find((call) => call.iteration === paidAt(first) && call.candidate === 0)!;
    scripted.iterations.splice(first);
    scripted.candidates.splice(0, Infinity, ...scripted.candidates.filter(({ iteration }) => iteration < first));
    scripted.calls.splice(0, Infinity, ...scripted.calls.filter(({ iteration }) => iteration < first), kept);
    const made = scripted.tasks.length;
    Object.assign(scripted.state, { begun: first, endsAs: canceled });
    add(
      scripted,
      waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code: await put(scripted, 'draw 0.2') }),
    );
    expect(await run()).toEqual({ kind: 'ended', ...canceled });
    const added = scripted.iterations.slice(first);
    expect(added.map(({ candidates }) => candidates.length)).toEqual(added.map(() => 1));
    expect(added.at(-1)!.kind).toBe('edit');
    expect(added.flatMap(({ candidates }) => candidates.flatMap(({ call }) => call ?? []))).toContainEqual(kept);
    expect(scripted.tasks.length - made).toBe(paidAt(first) - first);
  });

  it('goes on with a round under way by the settings that it began with, and then with the new ones', async () => {
    const { scripted, job, run } = await start({ policy: { maxIterations: 3, candidates: 2 } });
    await run();
    const before = { policy: job.policy, budget: job.budget, model: job.model };
    const recorded = scripted.calls.filter(({ iteration }) => iteration === 2);
    scripted.iterations.splice(2);
    scripted.candidates.splice(0, Infinity, ...scripted.candidates.filter(({ iteration }) => iteration < 2));
    scripted.calls.splice(0, Infinity, ...scripted.calls.filter(({ iteration }) => iteration < 2), recorded[0]!);
    scripted.state.begun = 2;
    job.policy = { ...job.policy, candidates: 1, maxIterations: 5, strategy: 'best-of-n' };
    job.model = 'scripted/other';
    add(scripted, waiting<'continue'>({ kind: 'continue', changes: {}, before }));
    await run();
    expect(scripted.iterations.map(({ candidates }) => candidates.length)).toEqual([2, 2, 2, 1, 1]);
    expect(scripted.iterations[2]!.candidates[0]!.call).toEqual(recorded[0]);
    expect(scripted.iterations.map(({ candidates }) => candidates.at(-1)!.call!.model)).toEqual([
      ...['scripted/words', 'scripted/words', 'scripted/words', 'scripted/other', 'scripted/other'],
    ]);
    expect(scripted.iterations[3]!.kind).toBe('draft');
  });

  it('writes the prompts of a round under way by the set that it began with', async () => {
    const reply = ({ call }: { call: number }) => fence(`draw 0.${call + 1}`, 'svg');
    const { scripted, job, run } = await start({ reply, policy: { maxIterations: 2, candidates: 2 } });
    await run();
    const before = { policy: job.policy, budget: job.budget, model: job.model };
    scripted.iterations.splice(1);
    scripted.candidates.splice(2);
    scripted.calls.splice(3);
    scripted.state.begun = 1;
    job.policy = { ...job.policy, maxIterations: 3, promptSet: 'vincicoder' };
    add(scripted, waiting<'continue'>({ kind: 'continue', changes: {}, before }));
    const written = scripted.prompts.length;
    await run();
    expect(scripted.prompts.slice(written).map(({ template }) => template!.set)).toEqual([
      ...['standard', 'vincicoder', 'vincicoder'],
    ]);
  });

  it('counts patience from where it went on', async () => {
    const { scripted, job, run } = await start({ reply: () => fence('draw 0.5', 'svg'), policy: { patience: 2 } });
    expect(await run()).toMatchObject({ stopReason: 'plateau' });
    expect(stopBeforeContinuing(job, scripted.iterations)).toBeUndefined();
    reopen(scripted, null);
    add(
      scripted,
      waiting<'continue'>({
        kind: 'continue',
        changes: {},
        before: { policy: job.policy, budget: {}, model: job.model },
      }),
    );
    expect(await run()).toMatchObject({ stopReason: 'plateau' });
    expect(scripted.iterations).toHaveLength(5);
  });

  it('says why going on would end at once', async () => {
    const { scripted, job, run } = await start({ policy: { maxIterations: 2 } });
    await run();
    expect(stopBeforeContinuing(job, scripted.iterations)).toMatchObject({ reason: 'max_iterations' });
  });
});

it('never trusts code by hand, nor what follows from it', async () => {
  const { scripted, run } = await start({ policy: { maxIterations: 2 } });
  const trusted: boolean[] = [];
  const { render } = scripted.ports.render;
  scripted.ports.render.render = (request, signal) => (trusted.push(request.trusted), render(request, signal));
  await run({ trusted: true });
  reopen(scripted, null);
  add(
    scripted,
    waiting<'edit'>({ kind: 'edit', candidate: scripted.candidates[0]!.id, code: await put(scripted, 'draw 0.2') }),
  );
  const job = await scriptedJob(scripted, { policy: { maxIterations: 3, threshold: 1 } });
  await refine(refineInput(scripted, job, { from: [...scripted.iterations], trusted: true }));
  expect(trusted.slice(0, 2)).toEqual([true, true]);
  expect(trusted.slice(2)).not.toContain(true);
});
