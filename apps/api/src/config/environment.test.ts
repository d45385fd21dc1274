import { describe, expect, it } from 'vitest';
import { EnvironmentFaults, readEnvironment } from './environment.ts';

describe('readEnvironment', () => {
  it('needs no variable at all', () => {
    const environment = readEnvironment({});
    expect(environment).toMatchObject({ host: '127.0.0.1', port: 7400, portIsChosen: false, runsWorker: true });
    expect(environment.home).toMatch(/\/\.pentimento$/);
  });

  it('treats an empty variable as unset', () => {
    expect(readEnvironment({ DATABASE_URL: '', PENTIMENTO_PORT: '' })).toMatchObject({
      databaseUrl: undefined,
      port: 7400,
      portIsChosen: false,
    });
  });

  it('reports every fault at once, by the name of its variable', () => {
    const read = () =>
      readEnvironment({
        DATABASE_URL: 'mysql://somewhere',
        REDIS_URL: 'nowhere',
        PENTIMENTO_PORT: '70000',
        PENTIMENTO_WORKER: 'maybe',
        PENTIMENTO_WORKER_CONCURRENCY: 'many',
        PENTIMENTO_RENDER_SLOTS: '0',
        PENTIMENTO_REWARD_PROVIDER: 'tpu',
        PENTIMENTO_REWARD_PRECISION: 'int4',
        REWARD_URL: 'ftp://somewhere',
      });
    expect(read).toThrow(EnvironmentFaults);
    try {
      read();
    } catch (error) {
      const { faults } = error as EnvironmentFaults;
      expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
        'DATABASE_URL',
        'REDIS_URL',
        'PENTIMENTO_PORT',
        'PENTIMENTO_WORKER',
        'PENTIMENTO_WORKER_CONCURRENCY',
        'PENTIMENTO_RENDER_SLOTS',
        'PENTIMENTO_REWARD_PROVIDER',
        'PENTIMENTO_REWARD_PRECISION',
        'REWARD_URL',
      ]);
    }
  });

  it('beats several times in a lease, however short', () => {
    const { queue } = readEnvironment({ PENTIMENTO_LEASE_MS: '300' });
    expect(queue.beatMs * 2).toBeLessThan(queue.leaseMs);
  });

  it('takes only the word yes for the unsafe setting', () => {
    expect(() => readEnvironment({ PENTIMENTO_ALLOW_UNSANDBOXED: '1' })).toThrow(/PENTIMENTO_ALLOW_UNSANDBOXED/);
    expect(readEnvironment({ PENTIMENTO_ALLOW_UNSANDBOXED: 'yes' }).allowUnsandboxed).toBe(true);
  });

  it('reads how renders and rewards are made, and leaves the libraries their defaults', () => {
    expect(readEnvironment({})).toMatchObject({
      renderSlots: undefined,
      reward: { url: undefined, executionProvider: undefined },
    });
    const set = readEnvironment({
      PENTIMENTO_RENDER_SLOTS: '3',
      PENTIMENTO_REWARD_PROVIDER: 'cuda',
      PENTIMENTO_REWARD_PRECISION: 'int8',
      REWARD_URL: 'http://gpu:7400',
    });
    expect(set.renderSlots).toBe(3);
    expect(set.reward).toMatchObject({ executionProvider: 'cuda', precision: 'int8', url: 'http://gpu:7400' });
  });

  it.each(['gpu:7400', 'http://somebody:secret@gpu:7400'])('takes no %s for a reward service', (url) => {
    expect(() => readEnvironment({ REWARD_URL: url })).toThrow(/^REWARD_URL must/);
  });

  it('splits lists of hosts', () => {
    expect(readEnvironment({ PENTIMENTO_ALLOWED_HOSTS: 'Box.local, lab' }).allowedHosts).toEqual(['box.local', 'lab']);
  });
});
