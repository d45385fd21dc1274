import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { redisIsInstalled, startRedis } from '../support/redis.ts';
import { startStack } from '../support/stack.ts';

it.runIf(redisIsInstalled)(
  'a worker ends on SIGTERM though its queue and its database are gone',
  { timeout: 120_000 },
  async () => {
    const redis = await startRedis();
    const variables = { REDIS_URL: redis.url, PENTIMENTO_WORKER: 'off', PENTIMENTO_SHUTDOWN_MS: '2000' };
    const stack = await startStack({ variables });
    try {
      const worker = await stack.startWorker();
      await redis.stop();
      await stack.server.stop('SIGKILL');
      await killDatabase(stack.home);
      await expect.poll(() => worker.log.join('\n'), { timeout: 30_000 }).toContain('cannot reach the queue');
      expect(await worker.stop()).toBe(0);
    } finally {
      await stack.stop();
    }
  },
);

/** Ends the database of a server that was killed, without a checkpoint, unless it has ended with it. */
async function killDatabase(home: string): Promise<void> {
  const file = join(home, 'postgres', 'data', 'postmaster.pid');
  if (!existsSync(file)) return;
  process.kill(Number((await readFile(file, 'utf8')).split('\n')[0]), 'SIGQUIT');
}
