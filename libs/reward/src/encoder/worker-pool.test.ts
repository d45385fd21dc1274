import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { EncoderError } from '../errors.ts';
import { loadEncoder } from './load.ts';
import { spawnWorker, type Spawn } from './encoder-thread.ts';
import { WorkerPool, type PoolShape } from './worker-pool.ts';

const never = new AbortController().signal;
const text = (target: string) => ({ kind: 'text', target, render: '' }) as const;
const tile = { kind: 'encode', bytes: new Uint8Array(448 * 448 * 3) } as const;

/** Answers a text by the place that it came in; a text to hold and a tile once the gate opens. */
const scripted = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', (request) => {
    if (request.target === 'die') process.exit(1);
    if (request.kind === 'encode' || request.target === 'hold') return Atomics.wait(workerData.gate, 0, 0), parentPort.postMessage({ ok: true, answer: 0 });
    parentPort.postMessage({ ok: true, answer: Atomics.add(workerData.order, 0, 1) });
  });`;

let pool: WorkerPool | undefined;
afterEach(() => pool?.close());

async function poolOf(shape: PoolShape, spawn?: Spawn): Promise<WorkerPool> {
  pool = new WorkerPool({ ...(await loadEncoder()), threads: 1, alpha: 'flatten-white' }, shape, spawn);
  return pool;
}

function scriptedWorkers() {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const order = new Int32Array(new SharedArrayBuffer(4));
  const spawn: Spawn = () => new Worker(scripted, { eval: true, workerData: { gate, order } });
  const open = () => {
    gate[0] = 1;
    Atomics.notify(gate, 0);
  };
  return { spawn, open };
}

it('lets owners take turns, however many requests one of them has', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const held = pool.request(text('hold'), 'greedy', never);
  const greedy = Array.from({ length: 4 }, () => pool.request(text('x'), 'greedy', never));
  const modest = pool.request(text('x'), 'modest', never);
  open();
  await held;
  expect(await modest).toBe(1);
  expect(await Promise.all(greedy)).toEqual([0, 2, 3, 4]);
  expect(pool.starts).toBe(1);
});

it('starts a second thread only for a second owner', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 2, others: 0 }, spawn);
  const held = pool.request(text('hold'), 'a', never);
  const same = pool.request(text('x'), 'a', never);
  await new Promise(setImmediate);
  expect(pool.starts).toBe(1);
  expect(await pool.request(text('x'), 'b', never)).toBeTypeOf('number');
  expect(pool.starts).toBe(2);
  expect(await same).toBeTypeOf('number');
  open();
  await held;
});

it('does other work beside an inference that takes long', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 1 }, spawn);
  const inference = pool.request(tile, 'a', never);
  expect(await pool.request(text('x'), 'a', never)).toBe(0);
  const closed = pool.close();
  await expect(inference).rejects.toThrow(/closed/);
  open();
  await closed;
});

it('forgets a request that is given up before its turn, and answers at once', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const caller = new AbortController();
  const held = pool.request(text('hold'), 'a', never);
  const waiting = pool.request(text('x'), 'b', caller.signal);
  const underWay = pool.request(text('x'), 'c', never);
  caller.abort(new Error('changed my mind'));
  await expect(waiting).rejects.toThrow('changed my mind');
  open();
  await held;
  expect(await underWay).toBe(0);
  await expect(pool.request(text('x'), 'b', caller.signal)).rejects.toThrow('changed my mind');
});

it('rejects what kills its worker twice, and answers the others', async () => {
  const { spawn } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const deadly = pool.request(text('die'), 'a', never);
  const harmless = pool.request(text('x'), 'b', never);
  await expect(deadly).rejects.toThrow(EncoderError);
  await expect(deadly).rejects.toThrow(/stopped 2 times on the same text/);
  expect(await harmless).toBe(0);
  expect(pool.starts).toBe(3);
});

it('gives up all that waits when it closes, and takes nothing more', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const requests = ['a', 'b', 'c'].map((owner) => pool.request(tile, owner, never));
  const refusals = requests.map((request) => expect(request).rejects.toThrow(/closed/));
  const closed = pool.close();
  await Promise.all(refusals);
  open();
  await closed;
  await expect(pool.request(tile, 'a', never)).rejects.toThrow(/closed/);
});

it('compares texts in the real worker', async () => {
  const pool = await poolOf({ encoders: 1, others: 0 }, spawnWorker);
  expect(await pool.request({ kind: 'text', target: 'abcd', render: 'abce' }, 'a', never)).toBe(0.75);
});
