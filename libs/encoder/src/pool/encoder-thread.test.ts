import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { InvalidImageError } from '@pentimento/imaging';
import { example } from '@pentimento/imaging/testing';
import { EncoderThread, spawnerOf, type SpawnWorker } from './encoder-thread.ts';
import { EncoderError } from '../errors.ts';
import type { TileFeatures } from '../inference/tile-features.ts';
import { loadEncoder } from '../installed/load.ts';

const dies = "require('node:worker_threads').parentPort.once('message', () => process.exit(3))";
const throws = "require('node:worker_threads').parentPort.once('message', () => { throw new Error('out of luck') })";
const image = example('tiny-icon');
const request = { task: 'decode', input: image };
const tile = { task: 'encode', input: new Uint8Array(448 * 448 * 3) };
const decoded = { width: 48, height: 48, bytes: 48 * 48 * 3 };
const spawnWorker = spawnerOf(new URL('../testing/image-worker.ts', import.meta.url));

let thread: EncoderThread | undefined;
afterEach(() => thread?.close());

/** A thread whose first workers run `scripts` and whose later ones do the real work. */
async function threadAfter(...scripts: string[]): Promise<EncoderThread> {
  const spawn: SpawnWorker = (settings) => {
    const script = scripts.shift();
    return script ? new Worker(script, { eval: true }) : spawnWorker(settings);
  };
  thread = new EncoderThread({ ...(await loadEncoder()), threads: 1 }, spawn);
  return thread;
}

it.each([
  ['exits', dies],
  ['throws', throws],
])('replaces a worker that %s and sends the request again', async (_, script) => {
  const thread = await threadAfter(script);
  expect(await thread.request(request)).toEqual(decoded);
  expect(thread.starts).toBe(2);
  const { vector } = (await thread.request(tile)) as TileFeatures;
  expect([vector.length, thread.starts]).toEqual([12040, 2]);
});

it('fails a request whose worker stops twice, and serves the next one', async () => {
  const thread = await threadAfter(dies, throws);
  const refused = thread.request(request);
  await expect(refused).rejects.toThrow(EncoderError);
  await expect(refused).rejects.toThrow(/stopped 2 times during the same "decode"/);
  expect(await thread.request(request)).toEqual(decoded);
});

it('leaves the input bytes intact', async () => {
  const thread = await threadAfter();
  await thread.request(tile);
  expect(tile.input).toHaveLength(448 * 448 * 3);
});

it('keeps the class of an error across the thread', async () => {
  const thread = await threadAfter();
  const damaged = { ...request, input: image.slice(0, 200) };
  await expect(thread.request(damaged)).rejects.toThrow(InvalidImageError);
  expect(await thread.request(request)).toEqual(decoded);
  expect(thread.starts).toBe(1);
});

it('fails the request under way when it closes', async () => {
  const thread = await threadAfter('setInterval(() => {}, 1000)');
  const waiting = thread.request(request);
  await Promise.all([expect(waiting).rejects.toThrow(/closed/), thread.close()]);
  await expect(thread.request(request)).rejects.toThrow(/closed/);
});

it('lets a running inference end before it stops the thread', async () => {
  const thread = await threadAfter();
  await thread.request(tile);
  const waiting = thread.request(tile);
  await Promise.all([expect(waiting).rejects.toThrow(/closed/), thread.close()]);
  expect(thread.running).toBe(false);
});
