import { describe, expect, it } from 'vitest';
import { readTask, writeEdit, type Prompt, type RenderRequest } from '@pentimento/contracts';
import { RefinementAborted } from '../ports.ts';
import { refine } from './refine.ts';
import { refineInput, scriptedJob, scriptedPorts, type ScriptedReply } from '../testing/scripted-ports.ts';

const code = (text: string) => `Here it is.\n\n\`\`\`svg\n${text}\n\`\`\``;
const edit = (search: string, replace: string) => code(writeEdit({ search, replace }));
/** Answers in order; the last one again for ever. */
const inOrder =
  (...replies: ReturnType<ScriptedReply>[]): ScriptedReply =>
  ({ call }) =>
    replies[Math.min(call, replies.length - 1)];

async function play(answer: ScriptedReply, options: Parameters<typeof scriptedJob>[1] = {}) {
  const scripted = scriptedPorts(answer);
  const job = await scriptedJob(scripted, options);
  const input = refineInput(scripted, job);
  return { ...scripted, job, input, exit: await refine(input) };
}

describe('refine', () => {
  it('drafts, edits the lowest-scoring patch and stops at the threshold', async () => {
    const { exit, iterations, tasks } = await play(inOrder(code('draw 0.8 worst 5'), edit('0.8', '0.97')), {
      policy: { threshold: 0.95 },
    });
    expect(exit).toMatchObject({ kind: 'ended', stopReason: 'threshold', outcome: 'threshold_met', error: null });
    expect(iterations.map((iteration) => iteration.kind)).toEqual(['draft', 'refine']);
    expect(tasks[1]).toMatchObject({
      task: 'refine',
      answer: 'edits',
      patches: [{ box: { x: 16, y: 16, width: 16, height: 16 } }],
    });
    expect(iterations[1]!.improvedRegions).toEqual([
      { box: { x: 16, y: 16, width: 16, height: 16 }, before: 0.8, after: 0.97 },
    ]);
  });

  it.each([
    { profile: 'overall', iterations: 1, detail: 'The best score 0.955 is at or above the threshold 0.952.' },
    {
      profile: 'visual',
      iterations: 2,
      detail: 'The visual score of the best candidate 0.960 is at or above the threshold 0.952.',
    },
  ])('reads the threshold from the term of the profile $profile', async ({ profile, iterations, detail }) => {
    const played = await play(inOrder(code('draw 0.95'), edit('0.95', '0.96')), {
      policy: { threshold: 0.952, profile },
    });
    expect(played.exit).toMatchObject({ stopReason: 'threshold', detail });
    expect(played.iterations).toHaveLength(iterations);
  });

  it('never returns worse than its best, and names what was rejected in the prompt', async () => {
    const { exit, iterations, prompts } = await play(
      inOrder(code('draw 0.8'), edit('0.8', '0.5'), edit('0.8', '0.85')),
      {
        policy: { maxIterations: 3 },
      },
    );
    expect(exit).toMatchObject({ stopReason: 'max_iterations', outcome: 'best_effort' });
    expect(iterations.map((iteration) => iteration.verdicts)).toEqual([['accepted'], ['no_gain'], ['accepted']]);
    expect(iterations.map((iteration) => iteration.best?.overall.toFixed(3))).toEqual(['0.820', '0.820', '0.865']);
    expect(JSON.stringify(prompts[2])).toContain('scored 0.550, which is no gain');
  });

  it('stops on a plateau', async () => {
    const { exit, iterations } = await play(inOrder(code('draw 0.8'), edit('0.8', '0.7')), {
      policy: { patience: 2 },
    });
    expect(exit).toMatchObject({ stopReason: 'plateau', detail: '2 iterations in a row gained nothing.' });
    expect(iterations).toHaveLength(3);
  });

  describe('on a screen of double density', () => {
    const sentence =
      'The target shows a viewport of 32x32 CSS pixels at a device pixel ratio of 2: write sizes in CSS pixels; boxes are in device pixels.';

    async function promptAndRequest(id: 'html' | 'svg', deviceScale: number) {
      const scripted = scriptedPorts(() => `\`\`\`${id}\ndraw 1\n\`\`\``);
      const plain = await scriptedJob(scripted);
      const language = { ...plain.language, id, fenceNames: [id] as [string], isPage: id === 'html' };
      const job = { ...plain, language, target: { ...plain.target, deviceScale } };
      const requests: RenderRequest[] = [];
      const { render } = scripted.ports.render;
      scripted.ports.render.render = (request, signal) => (requests.push(request), render(request, signal));
      await refine(refineInput(scripted, job));
      return { prompt: JSON.stringify(scripted.prompts[0]), request: requests[0]! };
    }

    it('renders pages at that scale, and says in the prompt which pixels to write in', async () => {
      const { prompt, request } = await promptAndRequest('html', 2);
      expect(request).toMatchObject({ size: { width: 64, height: 64 }, deviceScale: 2 });
      expect(prompt).toContain(`\\n\\n${sentence}\\n\\n`);
      const rest = prompt.replace(`${sentence}\\n\\n`, '').replace('\\"deviceScale\\":2,', '');
      expect(rest).toBe((await promptAndRequest('html', 1)).prompt);
    });

    it('does not mention it where the scale is 1 or the language has no pages', async () => {
      const prompts = [await promptAndRequest('html', 1), await promptAndRequest('svg', 2)].map(({ prompt }) => prompt);
      for (const prompt of prompts) expect(prompt).not.toMatch(/device/i);
    });
  });

  it('asks again with as many images as the server takes, where it has refused the prompt for them', async () => {
    const imagesIn = (prompt: Prompt) => prompt.messages[0]!.content.filter(({ type }) => type === 'image').length;
    const scripted = scriptedPorts(({ prompt, task }) => {
      if (imagesIn(prompt) > 1) {
        scripted.state.limits = { images: 1, contextTokens: Infinity };
        return undefined;
      }
      return task.task === 'draft' ? code('draw 0.8 worst 5') : edit('0.8', '1');
    });
    const exit = await refine(refineInput(scripted, await scriptedJob(scripted)));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
    expect(scripted.prompts.map(imagesIn)).toEqual([1, expect.any(Number), 1]);
    const text = JSON.stringify(scripted.prompts[2]);
    expect(text).toMatch(/Left out, because the model's server takes no more in a request: \d images/);
    expect(text).toContain('Patch 1:');
    expect(scripted.tasks[2]!.patches[0]).toMatchObject({ target: null, render: null });
    expect(scripted.iterations).toHaveLength(2);
    expect(JSON.stringify(scripted.events)).toContain('takes at most 1 image a request');
  });

  it('asks for repair with the error while nothing renders', async () => {
    const { exit, iterations, prompts } = await play(inOrder(code('<svg'), code('draw 1')));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
    expect(iterations.map((iteration) => iteration.kind)).toEqual(['draft', 'repair']);
    expect(iterations[0]).toMatchObject({ verdicts: ['no_render'], accepted: [], best: null });
    expect(JSON.stringify(prompts[1])).toContain('Line 1: <svg');
  });

  it('reads the reasoning of a reply that holds nothing else', async () => {
    const { candidates, exit } = await play(inOrder({ reasoning: code('draw 1') }));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
    expect(candidates[0]).toMatchObject({ parseStatus: 'code', reward: { terms: { alignment: 1 } } });
  });

  it('names an empty reply, and why it may be empty', async () => {
    const { candidates, prompts } = await play(inOrder(' \n', code('draw 1')));
    expect(candidates[0]).toMatchObject({ parseStatus: 'no_code', code: null });
    expect(candidates[0]!.parseDetail).toMatch(/^The reply is empty: .*images.*context/);
    expect(JSON.stringify(prompts[1])).toContain('The reply is empty');
  });

  it('ends with what went wrong when repairs are spent', async () => {
    const { exit, iterations } = await play(() => 'I cannot.', { policy: { repairs: 2 } });
    expect(iterations.map((iteration) => iteration.kind)).toEqual(['draft', 'repair', 'repair']);
    expect(exit).toMatchObject({
      stopReason: 'error',
      outcome: 'nothing_rendered',
      error: { code: 'nothing_rendered' },
    });
  });

  it('states an edit that did not apply, and keeps the best', async () => {
    const { iterations, prompts, candidates } = await play(
      inOrder(code('draw 0.8'), edit('absent', 'x'), edit('0.8', '1')),
    );
    expect(iterations.map((iteration) => iteration.verdicts[0])).toEqual(['accepted', 'no_code', 'accepted']);
    expect(candidates[1]).toMatchObject({
      parseStatus: 'edit_failed',
      code: null,
      reward: { terms: { visual: 0, alignment: 1 } },
    });
    expect(JSON.stringify(prompts[2])).toContain('does not stand in the code');
  });

  it('asks for a rewrite below the floor', async () => {
    const { tasks } = await play(inOrder(code('draw 0.3'), code('draw 1')));
    expect(tasks[1]).toMatchObject({ task: 'rewrite', answer: 'code' });
  });

  it("starts from the user's own code without a call", async () => {
    const { iterations, tasks } = await play(inOrder(edit('0.8', '1')), { initialCode: 'draw 0.8' });
    expect(iterations.map((iteration) => iteration.kind)).toEqual(['provided', 'refine']);
    expect(iterations[0]!.candidates[0]).toMatchObject({
      call: null,
      parseStatus: 'provided',
      reward: { terms: { alignment: 1 } },
    });
    expect(tasks).toHaveLength(1);
  });

  it('scores a group from one prompt, accepts its best, and treats equal images as one', async () => {
    const answer: ScriptedReply = ({ task, seed }) =>
      task.task === 'draft' ? code(['draw 0.7', 'draw 0.9', 'draw 0.7'][seed! % 1000]!) : edit('0.9', '1');
    const { iterations, calls } = await play(answer, { policy: { candidates: 3 } });
    expect(iterations[0]!.verdicts).toEqual(['not_best', 'accepted', 'duplicate']);
    expect(new Set(calls.slice(0, 3).map((call) => call.prompt)).size).toBe(1);
    expect(new Set(calls.map((call) => call.sampling.seed)).size).toBe(calls.length);
  });

  it('takes a group further with the replies that came', async () => {
    const { iterations } = await play(({ call }) => (call === 0 ? undefined : code('draw 1')), {
      policy: { candidates: 2 },
    });
    expect(iterations[0]!.candidates).toHaveLength(1);
  });

  it('fails with the kept best when the model does not answer', async () => {
    const { exit, iterations, calls, failedCalls } = await play(inOrder(code('draw 0.8'), undefined));
    expect(exit).toMatchObject({
      stopReason: 'error',
      outcome: 'best_effort',
      error: { code: 'model_rate_limited' },
    });
    expect(iterations).toHaveLength(1);
    expect(calls).toHaveLength(1);
    expect(failedCalls).toMatchObject([
      { iteration: 1, candidate: 0, model: 'scripted/words', failure: { kind: 'rate_limited', attempts: 4 } },
    ]);
    expect(failedCalls[0]!.prompt).not.toBe(calls[0]!.prompt);
  });

  it('checks the token budget before each call of a group', async () => {
    const { exit, iterations, calls } = await play(() => code('draw 0.8'), {
      policy: { candidates: 3 },
      budget: { maxTokens: 150 },
    });
    expect(exit).toMatchObject({ stopReason: 'budget' });
    expect([iterations.length, calls.length]).toEqual([1, 2]);
  });

  it('stops when the seconds of the job are over', async () => {
    const scripted = scriptedPorts(
      ({ call }) => ((scripted.state.now += 40_000), call === 0 ? code('draw 0.8') : edit('0.8', '0.9')),
    );
    const job = await scriptedJob(scripted, { budget: { maxSeconds: 60 } });
    const exit = await refine(refineInput(scripted, job));
    expect(exit).toMatchObject({ stopReason: 'timeout', outcome: 'best_effort' });
    expect(scripted.iterations).toHaveLength(2);
  });

  it('takes a job with seconds left up again, whatever fraction of one was spent', async () => {
    const scripted = scriptedPorts(() => code('draw 1'));
    scripted.ports.clock.timeout = (ms) => AbortSignal.timeout(ms);
    const job = await scriptedJob(scripted, { budget: { maxSeconds: 600 } });
    const spent = { ...job.spent, seconds: 3.2173 };
    const exit = await refine(refineInput(scripted, { ...job, spent }));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
  });

  it.each([
    ['user', { kind: 'ended', stopReason: 'user', outcome: 'best_effort' }],
    ['shutdown', { kind: 'interrupted' }],
    ['lost', { kind: 'lost' }],
  ] as const)('ends in the middle of a step when stopped by %s', async (by, expected) => {
    const controller = new AbortController();
    const scripted = scriptedPorts(({ call }) => {
      if (call === 1) controller.abort(new RefinementAborted(by));
      return code('draw 0.8');
    });
    const job = await scriptedJob(scripted);
    const exit = await refine(refineInput(scripted, job, { signal: controller.signal }));
    expect(exit).toMatchObject(expected);
    expect(scripted.iterations).toHaveLength(1);
  });

  it('writes nothing more once the claim is lost', async () => {
    const scripted = scriptedPorts(() => ((scripted.state.held = false), code('draw 0.8')));
    const job = await scriptedJob(scripted);
    const exit = await refine(refineInput(scripted, job));
    expect(exit).toEqual({ kind: 'lost' });
    expect([scripted.calls.length, scripted.candidates.length]).toEqual([0, 0]);
  });

  it('continues after the last stored iteration and repeats no recorded call', async () => {
    const full = await play(inOrder(code('draw 0.8'), edit('0.8', '0.9'), edit('0.9', '1')));
    const resumed = scriptedPorts(inOrder(edit('0.9', '1')));
    const job = await scriptedJob(resumed);
    for (const bytes of ['draw 0.8', 'draw 0.9']) await resumed.put(new TextEncoder().encode(bytes));
    await resumed.put(new TextEncoder().encode(edit('0.8', '0.9')));
    resumed.calls.push(full.calls[1]!);
    resumed.state.ids = full.state.ids;
    const from = full.iterations.slice(0, 1);
    const exit = await refine(refineInput(resumed, job, { from }));
    expect(exit).toMatchObject({ stopReason: 'threshold' });
    expect(resumed.iterations.map((iteration) => iteration.index)).toEqual([1, 2]);
    expect(resumed.tasks).toHaveLength(1);
  });

  it('takes over all stored candidates of a group, and counts them before it calls for the one that is missing', async () => {
    const policy = { candidates: 3, maxIterations: 1 };
    const scripted = scriptedPorts(({ seed }) =>
      seed! % 1000 === 0 ? undefined : code(`draw 0.${6 + (seed! % 1000)}`),
    );
    const { appendRound } = scripted.ports.trajectory;
    scripted.ports.trajectory.appendRound = () => Promise.reject(new Error('The worker is gone.'));
    const job = await scriptedJob(scripted, { policy, budget: { maxTokens: 250 } });
    const input = refineInput(scripted, job);
    await expect(refine(input)).rejects.toThrow('The worker is gone.');
    scripted.ports.trajectory.appendRound = appendRound;

    scripted.state.tokensPerCall = 300;
    scripted.ports.model.generate = (
      (generate) => (request, options) =>
        generate({ ...request, sampling: { ...request.sampling, seed: 1 } }, options)
    )(scripted.ports.model.generate);
    await refine(input);
    expect(scripted.iterations[0]!.candidates.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(scripted.iterations[0]!.verdicts).toHaveLength(scripted.candidates.length);
  });

  it('makes no call for a group whose recorded calls have spent the budget', async () => {
    const scripted = scriptedPorts(({ seed }) =>
      seed! % 1000 === 0 ? undefined : code(`draw 0.${6 + (seed! % 1000)}`),
    );
    const { appendRound } = scripted.ports.trajectory;
    scripted.ports.trajectory.appendRound = () => Promise.reject(new Error('The worker is gone.'));
    const job = await scriptedJob(scripted, { policy: { candidates: 3 }, budget: { maxTokens: 200 } });
    const input = refineInput(scripted, job);
    await expect(refine(input)).rejects.toThrow('The worker is gone.');
    scripted.ports.trajectory.appendRound = appendRound;
    const asked = scripted.tasks.length;

    expect(await refine(input)).toMatchObject({ stopReason: 'budget', outcome: 'best_effort' });
    expect(scripted.tasks).toHaveLength(asked);
    expect(scripted.iterations[0]!.candidates.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('ends with an error that names the strategies, where the policy names another one', async () => {
    const { exit, calls } = await play(inOrder(code('draw 0.8')), { policy: { strategy: 'random-walk' } });
    expect(exit).toMatchObject({
      ...{ kind: 'ended', stopReason: 'error', outcome: null },
      error: {
        code: 'strategy_unknown',
        message: expect.stringMatching(/does not know the search strategy "random-walk", only greedy, .*beam.*\./),
      },
    });
    expect(calls).toEqual([]);
  });

  it('rejects on an outage, so that the worker can give the job back', async () => {
    const scripted = scriptedPorts(() => code('draw 0.8'));
    scripted.ports.reward.score = () => Promise.reject(new Error('The encoder is gone.'));
    const job = await scriptedJob(scripted);
    const run = refine(refineInput(scripted, job));
    await expect(run).rejects.toThrow('The encoder is gone.');
  });

  it('keeps a render that cannot be scored as the failure of its candidate, and goes on', async () => {
    const scripted = scriptedPorts(inOrder(code('draw 0.5'), edit('0.5', '0.9')));
    const { score } = scripted.ports.reward;
    let scores = 0;
    scripted.ports.reward.score = (input, signal) =>
      scores++ === 0 ? Promise.resolve({ unscorable: 'The image cannot be read.' }) : score(input, signal);
    await refine(refineInput(scripted, await scriptedJob(scripted, { policy: { maxIterations: 2 } })));
    const [first, second] = scripted.candidates;
    expect(first!.render).toMatchObject({ status: 'failed', kind: 'runtime', message: 'The image cannot be read.' });
    expect(first!.reward.terms).toMatchObject({ overall: 0.1, execution: 0 });
    expect(second).toMatchObject({ iteration: 1 });
  });

  it('says whose renders and scores it asks for, so that jobs take turns', async () => {
    const scripted = scriptedPorts(() => code('draw 0.8'));
    const { render, reward } = scripted.ports;
    const jobs = { renders: new Set<string | undefined>(), scores: new Set<string | undefined>() };
    scripted.ports.render = {
      render: (request, signal) => (jobs.renders.add(request.job), render.render(request, signal)),
    };
    scripted.ports.reward = { score: (input, signal) => (jobs.scores.add(input.job), reward.score(input, signal)) };
    const job = await scriptedJob(scripted);
    await refine(refineInput(scripted, job));
    expect([[...jobs.renders], [...jobs.scores]]).toEqual([[job.id], [job.id]]);
  });

  it('leaves nothing of a group running when one of it meets an outage', async () => {
    const scripted = scriptedPorts(() => code('draw 0.8'));
    const { generate } = scripted.ports.model;
    const signals: AbortSignal[] = [];
    scripted.ports.model.generate = (request, options) => {
      signals.push(options.signal);
      return signals.length === 1 ? generate(request, options) : new Promise(() => {});
    };
    scripted.ports.reward.score = () => Promise.reject(new Error('The encoder is gone.'));
    const job = await scriptedJob(scripted, { policy: { candidates: 2 } });
    const run = refine(refineInput(scripted, job));
    await expect(run).rejects.toThrow('The encoder is gone.');
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
  });

  it('sends well-formed text, also where what it quotes is cut in the middle of a character', async () => {
    const broken = `x${'😀'.repeat(200)}`;
    const { prompts } = await play(inOrder(code('draw 0.8'), edit('draw 0.8', broken), edit('0.8', '1')));
    expect(JSON.stringify(prompts[2])).toContain('😀');
    for (const part of prompts[2]!.messages[0]!.content) {
      if (part.type === 'text') expect(part.text.isWellFormed()).toBe(true);
    }
  });

  it.each([
    ['a whole task', '```task\n{"task":"draft"}\n```'],
    ['an open fence', 'Like this:\n````svg\n<svg>'],
    ['a closing fence', '```'],
  ])("reads the task as its own where the user's words hold %s", async (_what, instructions) => {
    const { prompts, tasks } = await play(inOrder(code('draw 1')), { instructions });
    const [opening] = prompts[0]!.messages[0]!.content;
    expect(opening).toMatchObject({ type: 'text', text: expect.stringContaining(instructions) });
    expect(readTask((opening as { text: string }).text)).toMatchObject({
      task: 'draft',
      language: 'svg',
      answer: 'code',
    });
    expect(tasks[0]).toMatchObject({ task: 'draft' });
  });

  it("passes the user's words on and sends images by blob", async () => {
    const { prompts } = await play(inOrder(code('draw 1')), { instructions: 'Use two colors.' });
    expect(JSON.stringify(prompts[0])).toContain('Use two colors.');
    expect(prompts[0]!.messages[0]!.content.filter((part) => part.type === 'image')).toHaveLength(1);
  });
});
