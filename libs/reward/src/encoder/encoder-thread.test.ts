import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { InvalidImageError } from '@pentimento/imaging';
import { example } from '@pentimento/imaging/testing';
import { EncoderThread, spawnWorker, type Spawn } from './encoder-thread.ts';
import { EncoderError } from '../errors.ts';
import { loadEncoder } from './load.ts';

const dies = "require('node:worker_threads').parentPort.once('message', () => process.exit(3))";
const throws = "require('node:worker_threads').parentPort.once('message', () => { throw new Error('out of luck') })";
const request = { kind: 'target', bytes: example('tiny-icon') } as const;
const tile = { kind: 'encode', bytes: new Uint8Array(448 * 448 * 3) } as const;

let thread: EncoderThread | undefined;
afterEach(() => thread?.close());

/** Threads of which the first ones run `scripts` and the others do the real work. */
async function threadAfter(...scripts: string[]): Promise<EncoderThread> {
  const spawn: Spawn = (settings) => {
    const script = scripts.shift();
    return script ? new Worker(script, { eval: true }) : spawnWorker(settings);
  };
  thread = new EncoderThread({ ...(await loadEncoder()), threads: 1, alpha: 'flatten-white' }, spawn);
  return thread;
}

it.each([
  ['exits', dies],
  ['throws', throws],
])('replaces a worker that %s and asks again', async (_, script) => {
  const thread = await threadAfter(script);
  const { width, height, raster } = await thread.request(request);
  expect([width, height, raster.pixels.length, thread.starts]).toEqual([48, 48, 48 * 48 * 3, 2]);
  const encoded = await thread.request(tile);
  expect([encoded.vector.length, thread.starts]).toEqual([12040, 2]);
});

it('gives a request up when its worker stops twice, and goes on with the next', async () => {
  const thread = await threadAfter(dies, throws);
  const refused = thread.request(request);
  await expect(refused).rejects.toThrow(EncoderError);
  await expect(refused).rejects.toThrow(/stopped 2 times on the same image/);
  expect(await thread.request(request)).toMatchObject({ width: 48, height: 48 });
});

it('keeps the bytes that it was given', async () => {
  const thread = await threadAfter();
  await thread.request(tile);
  expect(tile.bytes).toHaveLength(448 * 448 * 3);
});

it('keeps the kind of an error over the thread', async () => {
  const thread = await threadAfter();
  const damaged = { ...request, bytes: request.bytes.slice(0, 200) };
  await expect(thread.request(damaged)).rejects.toThrow(InvalidImageError);
  expect(await thread.request(request)).toMatchObject({ width: 48, height: 48 });
  expect(thread.starts).toBe(1);
});

it('gives up what is under way when it closes', async () => {
  const thread = await threadAfter('setInterval(() => {}, 1000)');
  const waiting = thread.request(request);
  await Promise.all([expect(waiting).rejects.toThrow(/closed/), thread.close()]);
  await expect(thread.request(request)).rejects.toThrow(/closed/);
});

it('lets an inference end before its thread does', async () => {
  const thread = await threadAfter();
  await thread.request(tile);
  const waiting = thread.request(tile);
  await Promise.all([expect(waiting).rejects.toThrow(/closed/), thread.close()]);
  expect(thread.running).toBe(false);
});
