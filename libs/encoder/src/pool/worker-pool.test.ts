import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { example } from '@pentimento/imaging/testing';
import { EncoderError } from '../errors.ts';
import { loadEncoder } from '../installed/load.ts';
import { spawnerOf, type SpawnWorker } from './encoder-thread.ts';
import { WorkerPool, type PoolShape } from './worker-pool.ts';

const noAbort = new AbortController().signal;
const step = (input: string) => ({ task: 'step', input });
const tile = { task: 'encode', input: new Uint8Array(448 * 448 * 3) };

/** Replies to a step with its place in the order of arrival; to 'hold' and to a tile once the gate opens. */
const scripted = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', (request) => {
    if (request.input === 'die') process.exit(1);
    if (request.task === 'encode' || request.input === 'hold') return Atomics.wait(workerData.gate, 0, 0), parentPort.postMessage({ ok: true, output: 0 });
    parentPort.postMessage({ ok: true, output: Atomics.add(workerData.order, 0, 1) });
  });`;

let pool: WorkerPool | undefined;
afterEach(() => pool?.close());

async function poolOf(shape: PoolShape, spawn: SpawnWorker): Promise<WorkerPool> {
  pool = new WorkerPool({ ...(await loadEncoder()), threads: 1 }, shape, spawn);
  return pool;
}

function scriptedWorkers() {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const order = new Int32Array(new SharedArrayBuffer(4));
  const spawn: SpawnWorker = () => new Worker(scripted, { eval: true, workerData: { gate, order } });
  const open = () => {
    gate[0] = 1;
    Atomics.notify(gate, 0);
  };
  return { spawn, open };
}

it('lets owners take turns, however many requests one of them has', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const held = pool.request(step('hold'), { owner: 'greedy', signal: noAbort });
  const greedy = Array.from({ length: 4 }, () => pool.request(step('x'), { owner: 'greedy', signal: noAbort }));
  const modest = pool.request(step('x'), { owner: 'modest', signal: noAbort });
  open();
  await held;
  expect(await modest).toBe(1);
  expect(await Promise.all(greedy)).toEqual([0, 2, 3, 4]);
  expect(pool.starts).toBe(1);
});

it('lets jobs take turns whatever their owners, and leaves a thread to the second job', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 2, others: 0 }, spawn);
  const held = [1, 2].map((score) => pool.request(step('hold'), { owner: `${score}`, job: 'batch', signal: noAbort }));
  const batch = [3, 4, 5].map((score) => pool.request(step('x'), { owner: `${score}`, job: 'batch', signal: noAbort }));
  const single = pool.request(step('x'), { owner: '6', job: 'single', signal: noAbort });
  open();
  await Promise.all(held);
  expect(await single).toBeLessThanOrEqual(1);
  expect((await Promise.all(batch)) as number[]).toHaveLength(3);
});

it('starts a second thread only for a second owner', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 2, others: 0 }, spawn);
  const held = pool.request(step('hold'), { owner: 'a', signal: noAbort });
  const same = pool.request(step('x'), { owner: 'a', signal: noAbort });
  await new Promise(setImmediate);
  expect(pool.starts).toBe(1);
  expect(await pool.request(step('x'), { owner: 'b', signal: noAbort })).toBeTypeOf('number');
  expect(pool.starts).toBe(2);
  expect(await same).toBeTypeOf('number');
  open();
  await held;
});

it('starts another thread for a single owner once many of its requests have waited', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 2, others: 0 }, spawn);
  const work = { owner: 'a', signal: noAbort };
  const held = pool.request(step('hold'), work);
  const waiting = Array.from({ length: 32 }, () => pool.request(step('x'), work));
  await new Promise(setImmediate);
  expect(pool.starts).toBe(1);
  const last = pool.request(step('x'), work);
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 32 }, (_, index) => index));
  expect(await last).toBe(32);
  expect(pool.starts).toBe(2);
  open();
  await held;
});

it('does other tasks during a long inference', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 1 }, spawn);
  const inference = pool.request(tile, { owner: 'a', signal: noAbort });
  expect(await pool.request(step('x'), { owner: 'a', signal: noAbort })).toBe(0);
  const closed = pool.close();
  await expect(inference).rejects.toThrow(/closed/);
  open();
  await closed;
});

it('drops a request that is aborted before its turn, and rejects at once', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const caller = new AbortController();
  const held = pool.request(step('hold'), { owner: 'a', signal: noAbort });
  const waiting = pool.request(step('x'), { owner: 'b', signal: caller.signal });
  const accepted = pool.request(step('x'), { owner: 'c', signal: noAbort });
  caller.abort(new Error('changed my mind'));
  await expect(waiting).rejects.toThrow('changed my mind');
  open();
  await held;
  expect(await accepted).toBe(0);
  await expect(pool.request(step('x'), { owner: 'b', signal: caller.signal })).rejects.toThrow('changed my mind');
});

it('fails a request that kills its worker twice, and serves the others', async () => {
  const { spawn } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const deadly = pool.request(step('die'), { owner: 'a', signal: noAbort });
  const harmless = pool.request(step('x'), { owner: 'b', signal: noAbort });
  await expect(deadly).rejects.toThrow(EncoderError);
  await expect(deadly).rejects.toThrow(/stopped 2 times during the same "step"/);
  expect(await harmless).toBe(0);
  expect(pool.starts).toBe(3);
});

it('fails all waiting requests when it closes, and accepts no more', async () => {
  const { spawn, open } = scriptedWorkers();
  const pool = await poolOf({ encoders: 1, others: 0 }, spawn);
  const requests = ['a', 'b', 'c'].map((owner) => pool.request(tile, { owner, signal: noAbort }));
  const refusals = requests.map((request) => expect(request).rejects.toThrow(/closed/));
  const closed = pool.close();
  await Promise.all(refusals);
  open();
  await closed;
  await expect(pool.request(tile, { owner: 'a', signal: noAbort })).rejects.toThrow(/closed/);
});

it('runs a task of the worker module in a real thread', async () => {
  const pool = await poolOf(
    { encoders: 1, others: 0 },
    spawnerOf(new URL('../testing/image-worker.ts', import.meta.url)),
  );
  const decoded = await pool.request({ task: 'decode', input: example('tiny-icon') }, { owner: 'a', signal: noAbort });
  expect(decoded).toEqual({ width: 48, height: 48, bytes: 48 * 48 * 3 });
});
