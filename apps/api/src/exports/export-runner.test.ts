import { exportLinks, exportOptionsSchema, type Export } from '@pentimento/contracts';
import { OutageError, type Exports, type Store } from '@pentimento/store';
import { pino } from 'pino';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ExportQueue } from '../queue/export-queue.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import type { Settings } from '../settings/settings.ts';
import { ExportRunner } from './export-runner.ts';

const claim = { exportId: 'export_1', token: 3, worker: 'w' };
const logger = pino({ level: 'silent' });
const settings = {
  queue: { leaseMs: 300, heartbeatMs: 5 },
  folders: { exports: '/nowhere' },
} as unknown as Settings;

function anExport(parts: Partial<Export> = {}): Export {
  const at = '2026-11-30T10:00:00.000Z';
  return {
    ...{ id: claim.exportId, name: 'x', format: 'jsonl', filter: {}, options: exportOptionsSchema.parse({}) },
    ...{ status: 'running', progress: { traces: 0, total: null, rows: 0, bytes: 0 }, error: null, manifest: null },
    ...{ createdAt: at, startedAt: at, finishedAt: null, links: exportLinks(claim.exportId) },
    ...parts,
  };
}

let exports: { [Method in keyof Exports]: ReturnType<typeof vi.fn<Exports[Method]>> };
let putStream: Store['blobs']['putStream'];
let lifecycle: Lifecycle;
let enqueue: ReturnType<typeof vi.fn<ExportQueue['enqueue']>>;
beforeEach(() => {
  exports = {
    get: vi.fn(() => Promise.resolve(anExport())),
    heartbeat: vi.fn(() => Promise.resolve('held')),
    finish: vi.fn(() => Promise.resolve('written')),
    release: vi.fn(() => Promise.resolve('written')),
    countTraces: vi.fn(() => Promise.resolve({ trajectories: 1, candidates: 0, languages: {}, outcomes: {} })),
    listTraceJobs: vi.fn(() => Promise.resolve([])),
  } as unknown as typeof exports;
  putStream = () => Promise.resolve();
  lifecycle = new Lifecycle(logger, 1000);
  enqueue = vi.fn(() => Promise.resolve());
});

async function work(): Promise<void> {
  const store = {
    exports,
    blobs: { putStream: (...args: Parameters<typeof putStream>) => putStream(...args) },
    listIterations: () => Promise.resolve([]),
    listFailedCalls: () => Promise.resolve([]),
    listRescores: () => Promise.resolve([]),
    listJudgments: () => Promise.resolve([]),
    listInterventions: () => Promise.resolve([]),
    getJob: () => Promise.resolve({ id: 'job_1', status: 'succeeded', finishedAt: '2026-11-30T09:00:00.000Z' }),
  } as unknown as Store;
  const queue = { enqueue } as unknown as ExportQueue;
  await new ExportRunner(settings, store, logger, queue, lifecycle).work(claim);
}
const result = () => exports.finish.mock.calls.map(([, ended]) => ended);

it('ends an export with its manifest, its files and its last progress', async () => {
  await work();
  expect(result()).toMatchObject([{ status: 'succeeded', manifest: { format: 'jsonl', traces: 0 } }]);
  const [, ended, progress] = exports.finish.mock.calls[0]!;
  expect(ended).not.toHaveProperty('manifest.files');
  expect(ended).toMatchObject({
    files: [{ path: 'traces.jsonl' }, { path: 'drops.jsonl' }, { path: 'manifest.json' }],
  });
  expect(progress).toMatchObject({ traces: 0, total: 1, rows: 0, bytes: expect.any(Number) });
});

it('fails an export with the reason where its files cannot be stored', async () => {
  putStream = () => Promise.reject(new Error('A blob cannot be written to /blobs: free some space.'));
  await work();
  expect(result()).toEqual([
    { status: 'failed', error: { code: 'export-failed', message: expect.stringContaining('free some space.') } },
  ]);
});

it('fails an export with the reason where its end cannot be written', async () => {
  exports.finish.mockRejectedValueOnce(new Error('A blob is gone.'));
  await work();
  expect(result()).toMatchObject([{ status: 'succeeded' }, { status: 'failed' }]);
});

it('fails an export in a format that only another server knows', async () => {
  exports.get.mockResolvedValue(anExport({ format: 'of-the-future' }));
  await work();
  expect(result()).toMatchObject([{ status: 'failed', error: { code: 'format-unknown' } }]);
});

it('leaves an export alone while the database does not answer, so that the sweeper repeats it', async () => {
  exports.countTraces.mockRejectedValue(new OutageError('PostgreSQL does not answer.'));
  await work();
  expect(result()).toEqual([]);
  expect(exports.release).not.toHaveBeenCalled();
});

it.each([
  ['canceling', [{ status: 'canceled' }]],
  ['lost', []],
] as const)('stops between two traces when a heartbeat says %s', async (state, expected) => {
  exports.listTraceJobs.mockImplementation(async () => {
    exports.heartbeat.mockResolvedValue(state);
    await vi.waitUntil(async () => (await exports.heartbeat.mock.results.at(-1)?.value) === state);
    return ['job_1'];
  });
  await work();
  expect(result()).toEqual(expected);
  expect(exports.release).not.toHaveBeenCalled();
});

it('gives an export back when the process shuts down, and enqueues it', async () => {
  exports.listTraceJobs.mockImplementation(async () => {
    await lifecycle.close();
    return ['job_1'];
  });
  await work();
  expect(result()).toEqual([]);
  expect(exports.release).toHaveBeenCalledWith(claim);
  expect(enqueue).toHaveBeenCalledWith(claim.exportId, claim.token);
});

it('does nothing about an export that was deleted', async () => {
  exports.get.mockResolvedValue(null);
  await work();
  expect(result()).toEqual([]);
});
