import {
  policySchema,
  readTask,
  type Candidate,
  type FailedCall,
  type Intervention,
  type Iteration,
  type ModelCall,
  type NewEvent,
  type Prompt,
  type RefinementResult,
  type RewardRecord,
  type RoundStart,
  type Task,
  type WriteResult,
} from '@pentimento/contracts';
import type { Ports } from '../ports.ts';
import type { RefineInput } from '../loop/input.ts';
import { searchStrategies } from '../search/index.ts';

/** What the scripted model answers to a prompt; `undefined` plays a rate-limited server. */
export type ScriptedReply = (request: {
  task: Task;
  prompt: Prompt;
  call: number;
  seed: number | null;
}) => string | { reasoning: string } | undefined;

/**
 * Ports in memory for the loop's own tests. An image is the text of its code, and code "draw 0.8" scores 0.8 visually;
 * "draw 0.8 worst 3" puts the loss in cell 3 of a 4 x 4 map, and "tile=0.4" and "text=0.9" say what those terms are. Code that does not
 * start with "draw" does not render, and "empty" draws nothing.
 */
export function scriptedPorts(answer: ScriptedReply) {
  const blobs = new Map<string, Uint8Array>();
  const calls: ModelCall[] = [];
  const failedCalls: FailedCall[] = [];
  const candidates: Candidate[] = [];
  const iterations: Iteration[] = [];
  const events: NewEvent[] = [];
  const tasks: Task[] = [];
  const prompts: Prompt[] = [];
  const unexpected: unknown[] = [];
  const shown: string[] = [];
  const state = {
    held: true,
    now: Date.UTC(2026, 0, 1),
    ids: 0,
    tokensPerCall: 100,
    writes: 0,
    writesLeft: Infinity,
    limits: { images: Infinity, contextTokens: Infinity },
    begun: null as number | null,
    endsAs: null as RefinementResult | null,
  };
  const interventions: Intervention[] = [];
  const write = (action: () => void): Promise<WriteResult> => {
    if (!state.held) return Promise.resolve('lost');
    if (state.writesLeft-- <= 0) return Promise.reject(new Error('The worker is gone.'));
    state.writes++;
    action();
    return Promise.resolve('written');
  };
  const put = async (bytes: Uint8Array) => {
    const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
    const id = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    blobs.set(id, bytes);
    return id;
  };
  /** As the store decides it. */
  const begin = (iteration: number): RoundStart | 'lost' => {
    if (!state.held) return 'lost';
    if (state.begun !== iteration) decide(interventions, iteration);
    state.begun = iteration;
    return { interventions, endsAs: state.endsAs };
  };
  const ports: Ports = {
    model: {
      limits: () => state.limits,
      generate: ({ prompt, sampling }, { signal, onProgress }) => {
        signal.throwIfAborted();
        const text = prompt.messages[0]!.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
        const task = readTask(text)!;
        tasks.push(task);
        prompts.push(prompt);
        const reply = answer({ task, prompt, call: tasks.length - 1, seed: sampling.seed });
        if (reply === undefined) {
          const failure = { kind: 'rate_limited', message: 'The server is busy.', attempts: 4 } as const;
          return Promise.resolve({ ok: false, failure });
        }
        reportProgress(reply, onProgress);
        const usage = { inputTokens: state.tokensPerCall, outputTokens: 0, cost: 0.01 };
        const served = { model: null, id: null, fingerprint: null, weightVersion: null };
        const capture = { level: 'text_only', reason: 'The model gives no tokens.' } as const;
        return Promise.resolve({
          ok: true,
          reply: {
            ...(typeof reply === 'string' ? { text: reply, reasoning: '' } : { text: '', reasoning: reply.reasoning }),
            ...{ capture, finishReason: 'stop', usage, served, attempts: 1, ms: 5 },
          },
        });
      },
    },
    partialReplies: {
      show: ({ iteration, candidate }, { text }) => shown.push(`${iteration}/${candidate} ${text}`),
      end: ({ iteration, candidate }) => shown.push(`${iteration}/${candidate} ended`),
    },
    render: {
      render: ({ code }) => {
        const renderer = 'words 1';
        if (!code.startsWith('draw')) {
          const kind = code.trim() === 'empty' ? 'empty' : 'syntax';
          return Promise.resolve({ status: 'failed', kind, message: `Line 1: ${code}`, renderer, ms: 1 });
        }
        const image = new TextEncoder().encode(code.trim());
        return Promise.resolve({
          status: 'ok',
          image,
          width: 64,
          height: 64,
          log: '',
          text: null,
          molecule: null,
          bitmapShare: Number(/\bbitmaps=([0-9.]+)/.exec(code)?.[1] ?? 0),
          renderer,
          ms: 1,
        });
      },
    },
    reward: {
      score: ({ render, alignment }) =>
        Promise.resolve(rewardOf(render && new TextDecoder().decode(render), alignment)),
    },
    images: {
      fit: (image) => Promise.resolve({ image, width: 64, height: 64 }),
      crops: (image, boxes) => Promise.resolve(boxes.map(({ width, height }) => ({ image, width, height }))),
    },
    blobs: {
      put,
      get: (id) => {
        const bytes = blobs.get(id);
        return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`No blob ${id}.`));
      },
    },
    trajectory: {
      beginRound: (iteration) => Promise.resolve(begin(iteration)),
      findCall: (iteration, candidate) =>
        Promise.resolve(calls.find((call) => call.iteration === iteration && call.candidate === candidate) ?? null),
      recordCall: (call) => write(() => calls.push(call)),
      recordFailedCall: (call) => write(() => failedCalls.push(call)),
      findCandidate: (iteration, index) =>
        Promise.resolve(candidates.find((found) => found.iteration === iteration && found.index === index) ?? null),
      appendCandidate: (candidate, event) => write(() => (candidates.push(candidate), events.push(event))),
      appendRound: (round) =>
        write(() => round.forEach(({ iteration, event }) => (iterations.push(iteration), events.push(event)))),
      emit: (event) => write(() => events.push(event)),
    },
    clock: { now: () => state.now, timeout: () => new AbortController().signal },
    onUnexpectedError: (error) => unexpected.push(error),
    nextTurn: () => Promise.resolve(),
    newCandidateId: () => `cand_${String(++state.ids).padStart(36, '0')}`,
  };
  return {
    ports,
    state,
    interventions,
    calls,
    failedCalls,
    candidates,
    iterations,
    events,
    tasks,
    prompts,
    unexpected,
    shown,
    put,
  };
}

function decide(interventions: Intervention[], iteration: number): void {
  for (const [index, each] of interventions.entries()) {
    const { fromIteration, untilIteration, withdrawnAt } = each;
    const waits = fromIteration === null && withdrawnAt === null;
    const ends = fromIteration !== null && untilIteration === null && withdrawnAt !== null;
    interventions[index] = {
      ...each,
      fromIteration: waits ? iteration : fromIteration,
      untilIteration: ends ? iteration : untilIteration,
    };
  }
}

/** Half of the reply, then all of it. */
function reportProgress(reply: string | { reasoning: string }, onProgress: OnProgress): void {
  const [text, reasoning] = typeof reply === 'string' ? [reply, ''] : ['', reply.reasoning];
  const figures = { attempt: 1, reasoning, outputTokens: 1, tokensEstimated: true, ms: 0 };
  onProgress?.({ ...figures, text: text.slice(0, text.length / 2) });
  onProgress?.({ ...figures, text });
}

type OnProgress = Parameters<Ports['model']['generate']>[1]['onProgress'];

export type Scripted = ReturnType<typeof scriptedPorts>;

export async function scriptedJob(
  scripted: Scripted,
  options: { policy?: object; budget?: object; initialCode?: string; instructions?: string } = {},
): Promise<RefineInput['job']> {
  const target = await scripted.put(new TextEncoder().encode('draw 1'));
  return {
    id: 'job_00000000-0000-7000-8000-000000000000',
    target: { image: target, original: target, width: 64, height: 64, hadAlpha: false, deviceScale: 1 },
    language: { id: 'svg', fenceNames: ['svg', 'xml'], promptInstructions: 'Write one SVG.' },
    model: 'scripted/words',
    instructions: options.instructions ?? '',
    initialCode:
      options.initialCode === undefined ? null : await scripted.put(new TextEncoder().encode(options.initialCode)),
    policy: policySchema.parse(options.policy ?? {}),
    budget: options.budget ?? {},
    spent: { inputTokens: 0, outputTokens: 0, cost: 0, seconds: 0 },
  };
}

export function refineInput(
  scripted: Scripted,
  job: RefineInput['job'],
  overrides: Partial<RefineInput> = {},
): RefineInput {
  const signal = new AbortController().signal;
  return {
    ...{ job, from: [], trusted: false, strategies: searchStrategies, ports: scripted.ports, signal },
    ...overrides,
  };
}

function rewardOf(renderedCode: string | null, alignment: 0 | 1): RewardRecord {
  const [, value = '0', , worst = '0'] = renderedCode?.split(' ') ?? [];
  const visual = Number(value);
  const [tile, text] = ['tile', 'text'].map((term) => new RegExp(`\\b${term}=([0-9.]+)`).exec(renderedCode ?? '')?.[1]);
  const scores = Array.from({ length: 16 }, (_, cell) => (cell === Number(worst) ? visual : 1));
  const execution = renderedCode === null ? 0 : 1;
  return {
    version: '1',
    encoder: { id: 'words', sha256: '0'.repeat(64) },
    preprocessing: '1',
    terms: {
      overall: 0.9 * visual + 0.1 * alignment,
      visual,
      alignment,
      execution,
      worstTile: tile === undefined ? visual : Number(tile),
      lowQuantile: visual,
      windows: null,
      size: 1,
      aspect: 1,
      color: visual,
      text: text === undefined ? null : Number(text),
      shiftTolerant: visual,
      strict: visual,
    },
    tiles: [],
    windows: [],
    shift: null,
    map: renderedCode === null ? null : { columns: 4, rows: 4, scores },
    empty: / blank\b/.test(renderedCode ?? ''),
    ms: 1,
  };
}
