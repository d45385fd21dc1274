import {
  fence,
  writeEdit,
  type Candidate,
  type Iteration,
  type ModelCall,
  type ModelReply,
} from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { RefinementAborted } from '../ports.ts';
import {
  refineInput,
  scriptedJob,
  scriptedPorts,
  type Scripted,
  type ScriptedReply,
} from '../testing/scripted-ports.ts';
import { varied } from '../testing/varied-replies.ts';
import { answerTurn, openTurn, type CallerReply, type TurnExit } from './episode.ts';
import type { RefineInput } from './input.ts';
import { refine } from './refine.ts';

type JobOptions = Parameters<typeof scriptedJob>[1];

const code = (text: string) => fence(text, 'svg');
const edit = (search: string, replace: string) => code(writeEdit({ search, replace }));
const noModel: ScriptedReply = () => {
  throw new Error('No model is called in an episode.');
};

/** The reply as the scripted model gives it, so that records can be compared. */
function callerReply(text: string): CallerReply {
  const reply: ModelReply = {
    text,
    ...{ reasoning: '', finishReason: 'stop', attempts: 1, ms: 5 },
    capture: { level: 'text_only', reason: 'The model gives no tokens.' },
    usage: { inputTokens: 100, outputTokens: 0, cost: 0.01 },
    served: { model: null, id: null, fingerprint: null, weightVersion: null },
  };
  return { reply, sampling: { temperature: null, seed: null, maxOutputTokens: 16384 } };
}

/** Steps through an episode until it ends or the replies are over. */
async function play(scripted: Scripted, job: RefineInput['job'], replies: readonly string[]): Promise<TurnExit[]> {
  const input = () => refineInput(scripted, job, { from: [...scripted.iterations] });
  const exits = [await openTurn(input())];
  for (const reply of replies) {
    const open = exits.at(-1)!;
    if (open.kind !== 'open') break;
    exits.push(await answerTurn(input(), open, callerReply(reply)));
  }
  return exits;
}

/** Runs the job with a model that replies so; then an episode with the same replies. */
async function playBoth(answer: ScriptedReply, options: JobOptions) {
  const replies: string[] = [];
  const modeled = scriptedPorts((request) => {
    const reply = answer(request);
    replies.push(reply as string);
    return reply;
  });
  const exit = await refine(refineInput(modeled, await scriptedJob(modeled, options)));
  const stepped = scriptedPorts(noModel);
  const exits = await play(stepped, await scriptedJob(stepped, options), replies);
  return { modeled, stepped, exit, exits, replies };
}

const inOrder =
  (...replies: string[]): ScriptedReply =>
  ({ call }) =>
    replies[Math.min(call, replies.length - 1)];

describe('an episode', () => {
  it.each<[string, ScriptedReply, JobOptions]>([
    ['until the threshold', inOrder(code('draw 0.8'), edit('0.8', '0.9'), edit('0.9', '1')), {}],
    ['with replies of every kind', varied, { policy: { seed: 3, maxIterations: 12, patience: 20, threshold: 1 } }],
    ['that stops on a plateau', inOrder(code('draw 0.8'), edit('0.8', '0.7')), { policy: { patience: 2 } }],
    ['with repairs', inOrder(code('<svg'), 'I cannot.', code('draw 1')), {}],
    ['without any render', inOrder('I cannot.'), { policy: { repairs: 2 } }],
    ['from initial code', inOrder(edit('0.8', '1')), { initialCode: 'draw 0.8', instructions: 'Two colors.' }],
    ['whose initial code is good enough', inOrder(), { initialCode: 'draw 1' }],
    ['within a budget of tokens', inOrder(code('draw 0.8'), edit('0.8', '0.85')), { budget: { maxTokens: 150 } }],
    ['that rewrites', inOrder(code('draw 0.3'), code('draw 0.7')), { policy: { maxIterations: 3 } }],
  ])(
    '%s has the prompts, candidates, verdicts and end of a refinement with the same replies',
    async (_, answer, options) => {
      const { modeled, stepped, exit, exits, replies } = await playBoth(answer, options);
      expect(exits).toHaveLength(replies.length + 1);
      expect(exits.at(-1)).toEqual(exit);
      expect(stepped.calls.map(withoutSampling)).toEqual(modeled.calls.map(withoutSampling));
      expect(stepped.iterations.map(comparable)).toEqual(modeled.iterations.map(comparable));
      expect(stepped.events).toEqual(modeled.events);
      const opened = exits.flatMap((each) => (each.kind === 'open' ? [each.prompt] : []));
      expect(opened).toEqual(modeled.calls.map(({ prompt }) => prompt));
    },
  );

  it.each([{}, { initialCode: 'draw 0.7' }])(
    'loses and repeats nothing where the process is killed after any write, with %o',
    async (options) => {
      const replies = [code('draw 0.8'), 'I cannot.', edit('0.8', '0.9'), edit('0.9', '0.95')];
      const policy = { maxIterations: 4, threshold: 1 };
      const whole = scriptedPorts(noModel);
      await play(whole, await scriptedJob(whole, { policy, ...options }), replies);
      expect(whole.iterations).toHaveLength(4);
      for (let writes = 0; writes < whole.state.writes; writes++) {
        const killed = scriptedPorts(noModel);
        const job = await scriptedJob(killed, { policy, ...options });
        killed.state.writesLeft = writes;
        await expect(play(killed, job, replies)).rejects.toThrow('The worker is gone.');
        Object.assign(killed.state, { writesLeft: Infinity, ids: killed.candidates.length });
        await play(killed, job, replies.slice(killed.iterations.filter(({ kind }) => kind !== 'provided').length));
        expect(killed.iterations.map(comparable)).toEqual(whole.iterations.map(comparable));
        expect(killed.calls).toEqual(whole.calls);
      }
    },
  );

  it('records what the caller knows of the call', async () => {
    const scripted = scriptedPorts(noModel);
    const job = await scriptedJob(scripted);
    const open = await openTurn(refineInput(scripted, job));
    if (open.kind !== 'open') throw new Error(open.kind);
    const tokens = { promptTokenIds: [1], completionTokenIds: [2], logprobs: [-1], logprobsMode: null };
    const { reply } = callerReply(code('draw 0.8'));
    const capture = { level: 'token_exact', tokens: { ...tokens, imagePlaceholders: null } } as const;
    const sampling = { temperature: 0.7, seed: 3, maxOutputTokens: null };
    await answerTurn(refineInput(scripted, job), open, { reply: { ...reply, reasoning: 'Hm.', capture }, sampling });
    const [call] = scripted.calls;
    expect(call).toMatchObject({
      model: 'scripted/words',
      prompt: open.prompt,
      sampling,
      capture: { level: 'token_exact' },
    });
    expect(call!.reasoning).not.toBeNull();
  });

  it.each([
    ['user', { kind: 'ended', stopReason: 'user', outcome: null }],
    ['shutdown', { kind: 'interrupted' }],
    ['lost', { kind: 'lost' }],
  ] as const)('that is stopped by %s in the middle of a turn keeps the recorded reply', async (by, expected) => {
    const scripted = scriptedPorts(noModel);
    const job = await scriptedJob(scripted);
    const open = await openTurn(refineInput(scripted, job));
    if (open.kind !== 'open') throw new Error(open.kind);
    const abort = new AbortController();
    scripted.ports.render.render = () => {
      abort.abort(new RefinementAborted(by));
      return Promise.reject(abort.signal.reason as Error);
    };
    const input = refineInput(scripted, job, { signal: abort.signal });
    expect(await answerTurn(input, open, callerReply(code('draw 1')))).toMatchObject(expected);
    expect([scripted.calls.length, scripted.candidates.length]).toEqual([1, 0]);
  });

  it('ends without a score of the reply where the time of the job is over', async () => {
    const scripted = scriptedPorts(noModel);
    const job = await scriptedJob(scripted, { budget: { maxSeconds: 60 } });
    const open = await openTurn(refineInput(scripted, job));
    if (open.kind !== 'open') throw new Error(open.kind);
    const late = { ...job, spent: { ...job.spent, seconds: 60 } };
    const exit = await answerTurn(refineInput(scripted, late), open, callerReply(code('draw 1')));
    expect(exit).toMatchObject({ kind: 'ended', stopReason: 'timeout' });
    expect([scripted.calls.length, scripted.candidates.length]).toEqual([1, 0]);
  });

  it('writes nothing once the claim is lost', async () => {
    const scripted = scriptedPorts(noModel);
    const job = await scriptedJob(scripted);
    const open = await openTurn(refineInput(scripted, job));
    if (open.kind !== 'open') throw new Error(open.kind);
    scripted.state.held = false;
    expect(await openTurn(refineInput(scripted, job))).toEqual({ kind: 'lost' });
    expect(await answerTurn(refineInput(scripted, job), open, callerReply(code('draw 1')))).toEqual({ kind: 'lost' });
    expect([scripted.calls.length, scripted.candidates.length]).toEqual([0, 0]);
  });
});

const withoutSampling = (call: ModelCall) => ({ ...call, sampling: null });

/** Without the sampling, which a model is asked for and a caller reports. */
const comparable = (iteration: Iteration) => ({
  ...iteration,
  candidates: iteration.candidates.map((candidate: Candidate) => ({
    ...candidate,
    call: candidate.call && withoutSampling(candidate.call),
  })),
});
