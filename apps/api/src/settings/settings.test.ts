import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from './settings.ts';

describe('readSettings', () => {
  it('needs no variable', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 7400, portIsFixed: false, runsWorker: true });
    expect(settings.home).toMatch(/\/\.pentimento$/);
  });

  it('treats an empty variable as unset', () => {
    expect(readSettings({ DATABASE_URL: '', PENTIMENTO_PORT: '' })).toMatchObject({
      databaseUrl: undefined,
      port: 7400,
      portIsFixed: false,
    });
  });

  it('reports every problem at once, by the name of its variable', () => {
    const read = () =>
      readSettings({
        PENTIMENTO_BLOB_STORE: 'blobs',
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
    expect(read).toThrow(SettingsError);
    try {
      read();
    } catch (error) {
      const { problems } = error as SettingsError;
      expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
        'PENTIMENTO_BLOB_STORE',
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

  it('keeps blobs in the home, or in the folder of PENTIMENTO_BLOB_STORE', () => {
    expect(readSettings({ PENTIMENTO_HOME: '/home' }).blobStore).toBe('/home/blobs');
    expect(readSettings({ PENTIMENTO_BLOB_STORE: '/data/blobs' }).blobStore).toBe('/data/blobs');
  });

  it('keeps all jobs unless a limit is set, and blobs for at least an hour', () => {
    const { retention, graceMs } = readSettings({}).storage;
    expect([retention, graceMs]).toEqual([{ maxAgeDays: null, maxJobs: null }, 24 * 3_600_000]);
    const set = readSettings({ PENTIMENTO_KEEP_DAYS: '30', PENTIMENTO_KEEP_JOBS: '0' }).storage;
    expect(set.retention).toEqual({ maxAgeDays: 30, maxJobs: 0 });
    expect(() => readSettings({ PENTIMENTO_KEEP_DAYS: '0' })).toThrow(/PENTIMENTO_KEEP_DAYS must be more than 0/);
    expect(() => readSettings({ PENTIMENTO_BLOB_GRACE_HOURS: '0.5' })).toThrow(/GRACE_HOURS must be at least 1/);
  });

  it('sends several heartbeats in a lease, however short', () => {
    const { queue } = readSettings({ PENTIMENTO_LEASE_MS: '300' });
    expect(queue.heartbeatMs * 2).toBeLessThan(queue.leaseMs);
  });

  it('accepts only the word yes for the unsafe setting', () => {
    expect(() => readSettings({ PENTIMENTO_ALLOW_UNSANDBOXED: '1' })).toThrow(/PENTIMENTO_ALLOW_UNSANDBOXED/);
    expect(readSettings({ PENTIMENTO_ALLOW_UNSANDBOXED: 'yes' }).render.allowUnsandboxed).toBe(true);
  });

  it('crops pages of LaTeX to their ink unless the published way is asked for by its name', () => {
    expect(readSettings({}).render.mode).toBe('target');
    expect(readSettings({ PENTIMENTO_RENDER_MODE: 'published' }).render.mode).toBe('published');
    expect(() => readSettings({ PENTIMENTO_RENDER_MODE: 'ink' })).toThrow(/PENTIMENTO_RENDER_MODE must be "target" or/);
  });

  it('reads how to render and score, and leaves the defaults to the libraries', () => {
    expect(readSettings({})).toMatchObject({
      render: { concurrency: undefined },
      reward: { url: undefined, executionProvider: undefined },
    });
    const set = readSettings({
      PENTIMENTO_RENDER_SLOTS: '3',
      PENTIMENTO_REWARD_PROVIDER: 'cuda',
      PENTIMENTO_REWARD_PRECISION: 'int8',
      REWARD_URL: 'http://gpu:7400',
    });
    expect(set.render.concurrency).toBe(3);
    expect(set.reward).toMatchObject({ executionProvider: 'cuda', precision: 'int8', url: 'http://gpu:7400' });
  });

  it.each(['gpu:7400', 'http://somebody:secret@gpu:7400'])('refuses %s as a reward service', (url) => {
    expect(() => readSettings({ REWARD_URL: url })).toThrow(/^REWARD_URL must/);
  });

  it('splits lists of hosts', () => {
    expect(readSettings({ PENTIMENTO_ALLOWED_HOSTS: 'Box.local, lab' }).allowedHosts).toEqual(['box.local', 'lab']);
  });

  it('passes on the variables of the models and no others', () => {
    const { models } = readSettings({ OPENAI_API_KEY: 'key', PENTIMENTO_MODELS: 'openai/a', PATH: '/bin' });
    expect(models).toMatchObject({ OPENAI_API_KEY: 'key', PENTIMENTO_MODELS: 'openai/a' });
    expect(models).not.toHaveProperty('PATH');
  });
});
