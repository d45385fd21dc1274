import { blobIdsOf } from '../trace.ts';
import type { ExportContext, TraceExporter, TraceWriter } from '../exporter.ts';

/**
 * The canonical trace as it is: `traces.jsonl` with one trace a line, and each blob that a trace names once as
 * `blobs/SHA256`. Every other format can be made from it.
 */
export const jsonl: TraceExporter = {
  id: 'jsonl',
  description: 'The canonical trace, one a line, with images, code, prompts and replies as files by SHA-256.',
  async open({ files, readBlob }: ExportContext): Promise<TraceWriter> {
    const table = await files.open('traces.jsonl');
    const written = new Set<string>();
    return {
      async write(trace) {
        for (const id of blobIdsOf(trace).filter((blob) => !written.has(blob))) {
          const bytes = await readBlob(id);
          if (!bytes) return { drop: { job: trace.job.id, reason: 'missing_blob', detail: `The blob ${id} is gone.` } };
          const file = await files.open(`blobs/${id}`);
          await file.write(bytes);
          await file.close();
          written.add(id);
        }
        await table.write(`${JSON.stringify(trace)}\n`);
        return { rows: 1 };
      },
      close: () => table.close(),
    };
  },
};
