import { Client } from '@pentimento/client';
import type { JobEvent, PartialReply } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { redisIsInstalled, startRedis } from '../support/redis.ts';
import { startStack, type Stack } from '../support/stack.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n<rect width="9" height="9"/>\n</svg>';
const reply = `Here it is.\n\n\`\`\`svg\n${svg}\n\`\`\``;
const half = reply.slice(0, 40);
const long = `\`\`\`svg\n${'<!-- line -->\n'.repeat(80_000)}`;

/** By the model's name. What stalls has written its text and sends nothing more. */
const script = {
  log: 'calls.jsonl',
  steps: [
    { when: { model: 'stalls' }, reasoning: 'A square.', text: reply, stallAt: half.length },
    { when: { model: 'long' }, text: long, stallAt: long.length - 1 },
    { when: { model: 'retried', attempt: 1 }, error: { status: 503, after: 'The first attempt, which fails late.' } },
    { when: { model: 'retried' }, text: reply, stallAt: 10 },
    { when: { model: 'group', seed: 0 }, text: reply },
    { when: { model: 'group' }, text: reply, stallAt: half.length },
    { text: reply, pace: { characters: 20, everyMs: 400 } },
  ],
};

/** Follows a job until it is left, with the last partial replies and all of their texts. */
function follow(client: Client, id: string) {
  const leaving = new AbortController();
  const seen = { replies: [] as readonly PartialReply[], texts: [] as string[], events: [] as JobEvent[] };
  const onPartialReplies = (replies: readonly PartialReply[]) => {
    seen.replies = replies;
    seen.texts.push(...replies.map(({ text }) => text));
  };
  const end = (async () => {
    for await (const event of client.tailEvents(id, { signal: leaving.signal, onPartialReplies }))
      seen.events.push(event);
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  const isText = (text: string) => vi.waitUntil(() => seen.replies[0]?.text === text, 20_000);
  const leave = () => (leaving.abort(new Error('left')), end);
  return { seen, end, isText, leave };
}

describe.each([
  { queue: 'PostgreSQL', redis: false },
  { queue: 'Redis', redis: true },
])('replies that are being written, with the queue on $queue', ({ redis }) => {
  let stack: Stack;
  let client: Client;
  let target: Buffer;
  const ends: (() => Promise<unknown>)[] = [];

  // Skipped without redis-server, which an ordinary user cannot install.
  const skipped = redis && !redisIsInstalled;
  beforeAll(async () => {
    if (skipped) return;
    const server = redis ? await startRedis() : null;
    if (server) ends.push(() => server.stop());
    stack = await startStack({
      script,
      variables: {
        PENTIMENTO_WORKER: 'off',
        PENTIMENTO_LEASE_MS: '1200',
        PENTIMENTO_SWEEP_MS: '150',
        PENTIMENTO_QUEUED_MS: '300',
        PENTIMENTO_MAX_RECOVERIES: '50',
        ...(server && { REDIS_URL: server.url }),
      },
    });
    ends.push(() => stack.stop());
    client = new Client({ url: stack.url });
    target = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#336' } })
      .png()
      .toBuffer();
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const submit = async (model: string, policy = {}) =>
    client.createJob(
      {
        language: 'svg',
        model: `scripted/${model}`,
        instructions: `For ${model}.`,
        policy: { maxIterations: 1, ...policy },
      },
      { name: 'target.png', content: new Uint8Array(target) },
    );

  it.skipIf(skipped)(
    'grow before every reader, also one that comes late, and a cancel ends the call at once',
    async () => {
      await stack.startWorker();
      const job = await submit('stalls');
      const early = follow(client, job.id);
      await early.isText(half);
      const late = follow(client, job.id);
      await late.isText(half);
      expect(late.seen.replies).toEqual(early.seen.replies);
      expect(late.seen.replies[0]).toMatchObject({ reasoning: 'A square.', attempt: 1, tokensEstimated: true });
      const asked = performance.now();
      await client.cancelJob(job.id);
      await Promise.all([early.end, late.end]);
      // A heartbeat alone would take 400 ms at worst; the bound is for a busy machine.
      expect(performance.now() - asked).toBeLessThan(5000);
      expect(early.seen.events.at(-1)).toMatchObject({ data: { stopReason: 'user' } });
      expect(await client.listCandidates(job.id)).toEqual([]);
    },
  );

  it.skipIf(skipped)('become the recorded reply, byte for byte', async () => {
    const job = await submit('paced');
    const reader = follow(client, job.id);
    await reader.end;
    const growing = new Set(reader.seen.texts);
    expect(growing.size).toBeGreaterThan(1);
    for (const text of growing) expect(reply.startsWith(text)).toBe(true);
    expect(reader.seen.replies).toEqual([]);
    const [candidate] = await client.listCandidates(job.id);
    expect(new TextDecoder().decode(await client.getBlob(candidate!.call!.reply))).toBe(reply);
    expect(JSON.stringify(reader.seen.events)).not.toContain('Here it is');
  });

  it.skipIf(skipped)('start from scratch where the call is tried again', async () => {
    const job = await submit('retried');
    const reader = follow(client, job.id);
    await reader.isText(reply.slice(0, 10));
    expect(reader.seen.replies).toMatchObject([{ attempt: 2, length: 10 }]);
    await client.cancelJob(job.id);
    await reader.end;
  });

  it.skipIf(skipped)('of a group end one by one, and their last 64 KiB are shown of a megabyte', async () => {
    const group = await submit('group', { candidates: 16, seed: 0, strategy: 'best-of-n' });
    const job = await submit('long');
    const [many, single] = [follow(client, group.id), follow(client, job.id)];
    await vi.waitUntil(() => many.seen.replies.length === 15, 20_000);
    expect(many.seen.replies.map(({ candidate }) => candidate)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    await vi.waitUntil(() => single.seen.replies[0]?.length === long.length - 1, 20_000);
    expect(single.seen.replies[0]!.text).toBe(long.slice(-1 - 64 * 1024, -1));
    await Promise.all([client.cancelJob(group.id), client.cancelJob(job.id)]);
    await Promise.all([many.end, single.end]);
  });

  it.skipIf(skipped)(
    'of a killed worker are gone once its lease has expired, and are replaced by the next one',
    async () => {
      const job = await submit('stalls');
      const reader = follow(client, job.id);
      await reader.isText(half);
      const started = reader.seen.events.findLast((event) => event.type === 'job.started')!;
      process.kill(Number(started.data.worker.split(':').at(-1)), 'SIGKILL');
      await vi.waitUntil(() => reader.seen.replies.length === 0, 20_000);
      await stack.startWorker();
      await reader.isText(half);
      expect(reader.seen.events.filter(({ type }) => type === 'job.started')).toHaveLength(2);
      await client.cancelJob(job.id);
      await reader.end;
    },
  );
});
