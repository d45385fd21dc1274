import { Inject, Injectable } from '@nestjs/common';
import type { Export, ExportProgress, ExportSummary } from '@pentimento/contracts';
import { OutageError, type ExportClaim, type ExportResult, type Store } from '@pentimento/store';
import { traceExporters } from '@pentimento/trace-formats';
import { exportTraces, type TraceExporter } from '@pentimento/traces';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { ExportQueue } from '../queue/export-queue.ts';
import { startHeartbeat } from '../claims/heartbeat.ts';
import type { Runner } from '../queue/work-processor.ts';
import { workerName } from '../claims/worker-name.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { BlobFiles } from './blob-files.ts';
import { exportContextOf, splitsOf } from './export-context.ts';
import { readTargets, readTraces } from './read-traces.ts';

/** Stops an export between two traces. */
class ExportStopped extends Error {
  constructor(readonly by: 'user' | 'lost' | 'shutdown') {
    super(`The export was stopped: ${by}.`);
  }
}

/** Makes claimed exports: the format over the traces with a heartbeat, then the one write that ends the claim. */
@Injectable()
export class ExportRunner implements Runner<ExportClaim> {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly queue: ExportQueue,
    private readonly lifecycle: Lifecycle,
  ) {}

  claim(id: string): Promise<ExportClaim | null> {
    return this.store.exports.claim(id, workerName, this.settings.queue.leaseMs);
  }

  /** After an outage of the database the claim is left to expire, so that the sweeper paces and bounds the repetitions. */
  async work(claim: ExportClaim): Promise<void> {
    const progress: ExportProgress = { traces: 0, total: null, rows: 0, bytes: 0 };
    const abort = new AbortController();
    const { draining } = this.lifecycle;
    const stop = () => abort.abort(new ExportStopped('shutdown'));
    draining.addEventListener('abort', stop, { once: true });
    if (draining.aborted) stop();
    const { leaseMs, heartbeatMs } = this.settings.queue;
    const logger = this.logger.child({ exportId: claim.exportId });
    const heartbeat = startHeartbeat({
      beat: () => this.store.exports.heartbeat(claim, leaseMs, progress),
      stopWork: (by) => abort.abort(new ExportStopped(by)),
      heartbeatMs,
      logger,
    });
    try {
      const exit = await this.make(claim, abort.signal, progress).catch((error: unknown) => exitAfter(error, logger));
      await heartbeat.stop();
      // The end of an export can break off, too, as where a blob of it is gone.
      await this.conclude(claim, exit, progress).catch((error: unknown) =>
        this.conclude(claim, exitAfter(error, logger), progress),
      );
    } catch (error) {
      logger.error({ err: error }, 'An export broke off; it will be recovered.');
      await heartbeat.stop();
    } finally {
      draining.removeEventListener('abort', stop);
    }
  }

  private async make(claim: ExportClaim, signal: AbortSignal, progress: ExportProgress): Promise<Exit> {
    const record = await this.store.exports.get(claim.exportId);
    if (!record) return 'lost';
    const exporter = traceExporters.find(({ id }) => id === record.format);
    if (!exporter) return unknownFormat(record);
    const files = new BlobFiles(this.store.blobs, this.settings.folders.exports);
    try {
      return await this.write({ record, exporter, files, progress, signal });
    } finally {
      await files.close();
    }
  }

  private async write({ record, exporter, files, progress, signal }: Attempt): Promise<Exit> {
    const selection = { filter: record.filter, endedBy: record.createdAt };
    progress.total = (await this.store.exports.countTraces(selection)).trajectories;
    const manifest: ExportSummary & { files?: unknown } = await exportTraces(
      exporter,
      readTraces(this.store, selection),
      {
        ...exportContextOf(record, this.store.blobs, signal),
        splitOf: await splitsOf(readTargets(this.store, selection), record, this.store.blobs),
        files,
        onTrace(rows) {
          progress.traces += 1;
          progress.rows += rows;
          progress.bytes = files.bytes;
        },
      },
    );
    progress.bytes = files.bytes;
    delete manifest.files;
    return { status: 'succeeded', manifest, files: files.closed };
  }

  private async conclude(claim: ExportClaim, exit: Exit, progress: ExportProgress): Promise<void> {
    if (exit === 'lost') return;
    if (exit !== 'shutdown') {
      await this.store.exports.finish(claim, exit, progress);
      return;
    }
    await this.store.exports.release(claim);
    await this.queue.enqueue(claim.exportId, claim.token);
  }
}

type Exit = ExportResult | 'lost' | 'shutdown';

interface Attempt {
  record: Export;
  exporter: TraceExporter;
  files: BlobFiles;
  progress: ExportProgress;
  signal: AbortSignal;
}

/** How an export ends that was stopped or broke off. */
function exitAfter(error: unknown, logger: Logger): Exit {
  if (error instanceof ExportStopped) return error.by === 'user' ? { status: 'canceled' } : error.by;
  if (error instanceof OutageError) throw error;
  logger.error({ err: error }, 'An export failed.');
  const message = `The export broke off, and no file of it is kept. ${(error as Error).message} Correct the cause, which the server's log may say more about, then retry the export.`;
  return { status: 'failed', error: { code: 'export-failed', message } };
}

/** The export was stored by a server with more formats than this one. */
function unknownFormat({ format }: Export): ExportResult {
  const message = `This server does not know the export format "${format}". Retry the export on a server that has it.`;
  return { status: 'failed', error: { code: 'format-unknown', message } };
}
