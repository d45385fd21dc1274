import { blobIdsOf, type TraceExporter } from '@pentimento/traces';

/**
 * The canonical trace as it is: `traces.jsonl` with one trace a line and its split, and each blob that a trace names once as
 * `blobs/SHA256`. Every other format can be made from it.
 */
export const jsonl: TraceExporter = {
  id: 'jsonl',
  title: 'Canonical traces',
  description: 'The canonical trace, one a line, with images, code, prompts and replies as files by SHA-256.',
  unit: 'trajectory',
  async open({ files }) {
    const table = await files.open('traces.jsonl');
    const written = new Set<string>();
    return {
      async write({ trace, taskId, split, source }) {
        const blobs = blobIdsOf(trace).filter((id) => !written.has(id));
        // All are read before one is written; bytes are read again, so that memory holds one blob.
        for (const id of blobs) await source.bytes(id);
        for (const id of blobs) {
          const file = await files.open(`blobs/${id}`);
          await file.write(await source.bytes(id));
          await file.close();
          written.add(id);
        }
        await table.write(`${JSON.stringify({ ...trace, taskId, split })}\n`);
        return { rows: 1, drops: [] };
      },
      close: () => table.close(),
    };
  },
};
