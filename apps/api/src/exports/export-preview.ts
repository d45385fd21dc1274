import { Inject, Injectable } from '@nestjs/common';
import type { ExportPreview, PreviewExport } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { previewTraces } from '@pentimento/traces';
import { STORE } from '../database/store.provider.ts';
import { exportContextOf, splitsOf } from './export-context.ts';
import { knownFormat } from './export-validation.ts';
import { readTraces } from './read-traces.ts';

const limits = { drops: 100, size: 4 * 1024 * 1024 };
const maxMs = 5_000;

/** Counts what a filter selects, and shows the first rows that an export of it would have now. */
@Injectable()
export class ExportPreviews {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async preview({ format, filter, options, rows }: PreviewExport, signal: AbortSignal): Promise<ExportPreview> {
    const selection = { filter, endedBy: new Date().toISOString() };
    const exporter = knownFormat(format);
    const counts = await this.store.exports.countTraces(selection);
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(maxMs)]);
    const { blobs } = this.store;
    const splitOf = await splitsOf(noTargets(), { options }, blobs);
    const context = { ...exportContextOf({ filter, options }, blobs, bounded), splitOf };
    const shown = await previewTraces(exporter, readTraces(this.store, selection), context, { ...limits, rows });
    return { counts, ...shown };
  }
}

/** To find nearly equal targets takes longer than a preview has: in the export, some rows may be in the split of such a target. */
async function* noTargets(): AsyncGenerator<string> {}
