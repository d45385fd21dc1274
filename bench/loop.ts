/**
 * The loop's own time an iteration: model, render and reward answer at once: node bench/loop.ts [ITERATIONS] [EXAMPLE]
 *
 * PostgreSQL and blobs are real and durable, as `npm start` has them. Every tenth reply improves the score, as in a job that is nearly
 * done. Prints where the time goes, and compares the first iterations with the last ones.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { withMemory } from '../apps/api/src/blobs/blob-memory.ts';
import { refine, searchStrategies, type LoopInput, type Ports } from '../libs/agent/src/index.ts';
import { openBlobStore } from '../libs/blob-store/src/index.ts';
import { fence, policySchema, type RewardRecord } from '../libs/contracts/src/index.ts';
import { startPostgres } from '../libs/embedded-postgres/src/index.ts';
import { fitWithin, RegionCropper } from '../libs/imaging/src/index.ts';
import { createStore, migrate, type Claim, type Store } from '../libs/store/src/index.ts';
import { Random } from './ranking/random.ts';

const iterations = Number(process.argv[2] ?? 60);
const example = process.argv[3] ?? 'grouped-bars';
const language: LoopInput['job']['language'] = {
  id: 'svg',
  fenceNames: ['svg'],
  promptInstructions: 'Write one SVG.',
};
const grid = { columns: 32, rows: 24 };

const target = new Uint8Array(await readFile(new URL(`../examples/${example}.png`, import.meta.url)));
const random = new Random(1);

/** Renders that differ from the target by a few blurred boxes. */
async function makeRenders(): Promise<{ image: Uint8Array; width: number; height: number }[]> {
  const { width, height } = await sharp(target).metadata();
  const side = Math.floor(Math.min(width, height) / 6);
  return Promise.all(
    Array.from({ length: 12 }, async () => {
      const at = { left: random.whole(0, width - side), top: random.whole(0, height - side) };
      const input = await sharp(target)
        .extract({ ...at, width: side, height: side })
        .blur(4)
        .toBuffer();
      const image = await sharp(target)
        .composite([{ input, ...at }])
        .png()
        .toBuffer();
      return { image: new Uint8Array(image), width, height };
    }),
  );
}

const terms = {
  ...({ alignment: 1, execution: 1 } as const),
  ...{ visual: 0.9, worstTile: 0.9, lowQuantile: 0.9, windows: null, size: 1, aspect: 1, color: 0.9, text: null },
  shiftTolerant: 0.9,
  strict: 0.9,
};

/** A reward whose loss lies in four regions, the more the lower the score. */
function rewardOf(overall: number): RewardRecord {
  const scores = Array.from({ length: grid.columns * grid.rows }, () => 1);
  for (let region = 0; region < 4; region++) {
    const [left, top] = [random.whole(0, grid.columns - 5), random.whole(0, grid.rows - 4)];
    for (let cell = 0; cell < 12; cell++)
      scores[(top + Math.floor(cell / 4)) * grid.columns + left + (cell % 4)] = 1 - (1 - overall) * (1 + cell / 4);
  }
  return {
    ...{ version: '1', encoder: { id: 'bench', sha256: '0'.repeat(64) }, preprocessing: '1' },
    ...{
      terms: { ...terms, overall },
      tiles: [],
      windows: [],
      shift: null,
      map: { ...grid, scores },
      empty: false,
      ms: 0,
    },
  };
}

const spent = new Map<string, number>();

/** Adds the time until the promise settles to the name. */
async function timed<T>(name: string, promise: Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await promise;
  } finally {
    spent.set(name, (spent.get(name) ?? 0) + performance.now() - began);
  }
}

const starts: number[] = [];

const cropper = new RegionCropper();

async function portsOf(store: Store, claim: Claim): Promise<Ports> {
  const renders = await makeRenders();
  const blobs = withMemory({ put: store.blobs.put, get: async (id) => (await store.blobs.get(id))! }, 64 * 2 ** 20);
  let calls = 0;
  let best = 0.8;
  const reply = () =>
    fence(`<svg xmlns="http://www.w3.org/2000/svg"><!-- ${calls} ${'shape '.repeat(1500)}--></svg>`, 'svg');
  return {
    model: {
      limits: () => ({ images: Infinity, contextTokens: Infinity }),
      generate() {
        calls++;
        const usage = { inputTokens: 4000, outputTokens: 3000, cost: null };
        const served = { model: null, id: null, fingerprint: null, weightVersion: null };
        const capture = { level: 'text_only', reason: 'The model gives no tokens.' } as const;
        const text = reply();
        return Promise.resolve({
          ok: true,
          reply: { text, reasoning: '', capture, finishReason: 'stop', usage, served, attempts: 1, ms: 0 },
        });
      },
    },
    render: {
      render: () =>
        Promise.resolve({
          ...{ status: 'ok', log: '', text: null, molecule: null, bitmapShare: null, renderer: 'bench 1', ms: 0 },
          ...renders[calls % renders.length]!,
        }),
    },
    reward: {
      score() {
        if (calls % 10 === 0) best += 0.002;
        return Promise.resolve(rewardOf(calls % 10 === 0 ? best : best - 0.01));
      },
    },
    images: {
      fit: (...args) => timed('images', fitWithin(...args)),
      crops: (...args) => timed('images', cropper.crops(...args)),
    },
    blobs: {
      put: (...args) => timed('blobs put', blobs.put(...args)),
      get: (id) => timed('blobs get', blobs.get(id)),
    },
    trajectory: {
      beginRound: (next) => timed('rows written', store.beginRound(claim, next)),
      findCall: (...args) => timed('rows read', store.findCall(claim, ...args)),
      recordCall: (call) => timed('rows written', store.recordCall(claim, call)),
      recordFailedCall: (call) => store.recordFailedCall(claim, call),
      findCandidate: (...args) => timed('rows read', store.findCandidate(claim, ...args)),
      appendCandidate: (...args) => timed('rows written', store.appendCandidate(claim, ...args)),
      appendRound: (round) => timed('rows written', store.appendRound(claim, round)),
      emit(event) {
        if (event.type === 'iteration.started') starts.push(performance.now());
        return timed('events', store.emit(claim, event));
      },
    },
    clock: { now: () => Date.now(), timeout: (ms) => AbortSignal.timeout(ms) },
    newCandidateId: () => `cand_${crypto.randomUUID()}`,
    onUnexpectedError: (error) => console.error(error),
    nextTurn: () => Promise.resolve(),
  };
}

async function createJob(store: Store) {
  const image = await store.blobs.put(target, 'image/png');
  const { width, height } = await sharp(target).metadata();
  const policy = policySchema.parse({ threshold: 1, maxIterations: iterations, patience: 200, rewriteBelow: 0 });
  return store.createJob({
    target: { image, original: image, width, height, hadAlpha: false, deviceScale: 1 },
    ...{
      name: example,
      language: 'svg',
      model: 'bench/instant',
      policyVersion: null,
      instructions: '',
      initialCode: null,
    },
    ...{ policy, budget: {}, tags: [] },
  });
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function measure(store: Store): Promise<void> {
  const job = await createJob(store);
  const claim = (await store.claim(job.id, 'bench', 3_600_000))!;
  const cpu = process.cpuUsage();
  const exit = await refine({
    ...{ job: { ...job, language }, from: [], trusted: false, signal: new AbortController().signal },
    ...{ strategies: searchStrategies, ports: await portsOf(store, claim) },
  });
  const { user, system } = process.cpuUsage(cpu);
  if (exit.kind !== 'ended') throw new Error(`The loop ended as ${exit.kind}.`);
  const times = starts.slice(1).map((start, index) => start - starts[index]!);
  const [first, last] = [times.slice(1, 11), times.slice(-10)];
  console.log(`${exit.detail} Median ${median(times).toFixed(1)} ms an iteration of wall time,`);
  console.log(`${((user + system) / 1000 / times.length).toFixed(1)} ms of this process's processor time.`);
  console.log(`iterations 2 to 11: ${median(first).toFixed(1)} ms, the last ten: ${median(last).toFixed(1)} ms`);
  for (const [name, ms] of spent)
    console.log(`${name.padEnd(14)}${(ms / starts.length).toFixed(1)} ms awaited an iteration`);
}

const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
const postgres = await startPostgres({ folder: join(folder, 'postgres') });
try {
  await migrate(postgres.url);
  const store = createStore({
    databaseUrl: postgres.url,
    blobs: openBlobStore(join(folder, 'blobs')),
  });
  await measure(store).finally(() => store.close());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true });
}
