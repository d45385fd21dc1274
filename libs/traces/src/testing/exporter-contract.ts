import { exportManifestSchema } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { exportTraces, type ExportContext, type TraceExporter } from '../export/exporter.ts';
import type { Trace } from '../trace.ts';
import { MemoryFiles, memoryContext, streamOf } from './export-files.ts';
import { blobOf, readSampleBlob, sampleTrace } from './traces.ts';

const countOf = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What every export format must do. */
export function describeExporter(exporter: TraceExporter): void {
  describe(`the export format ${exporter.id}`, () => {
    const run = async (traces: readonly unknown[], parts: Partial<ExportContext> = {}) => {
      const files = new MemoryFiles();
      const manifest = await exportTraces(exporter, streamOf(traces), memoryContext(files, parts));
      return { files, manifest, rows: countOf(manifest.rows), drops: files.lines('drops.jsonl') };
    };

    it('has an id that fits a command line, a title and a description', () => {
      expect(exporter.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(exporter.title).toMatch(/^\S.*\S$/);
      expect(exporter.description).toMatch(/^[A-Z].+\.$/);
    });

    it('makes a row of each unit, or lists it as dropped', async () => {
      const { manifest, rows, drops } = await run([sampleTrace(1), sampleTrace(2), sampleTrace(3)]);
      expect(manifest).toMatchObject({ format: exporter.id, traces: 3, units: rows + drops.length });
      expect(countOf(manifest.drops)).toBe(drops.length);
      expect(rows).toBeGreaterThan(0);
    });

    it('lists malformed, unfinished and inconsistent traces with their reason and goes on', async () => {
      const unfinished: Trace = { ...sampleTrace(2), job: { ...sampleTrace(2).job, status: 'running' } };
      const gap: Trace = { ...sampleTrace(3), iterations: sampleTrace(3).iterations.slice(1) };
      const alone = await run([sampleTrace(4)]);
      const { rows, drops } = await run([{ job: { id: 'job_x' } }, unfinished, gap, sampleTrace(4)]);
      expect(drops.slice(0, 3)).toMatchObject([
        { job: 'job_x', reason: 'malformed' },
        { job: unfinished.job.id, reason: 'unfinished' },
        { job: gap.job.id, reason: 'inconsistent' },
      ]);
      expect(rows).toBe(alone.rows);
    });

    it('drops a trace as a whole whose blobs are gone, and goes on', async () => {
      const gone = blobOf('target 1');
      const readBlob = (id: string) => (id === gone ? Promise.resolve(null) : readSampleBlob(id));
      const { drops, rows } = await run([sampleTrace(1), sampleTrace(2)], { readBlob });
      const alone = await run([sampleTrace(2)]);
      if (exporter.id === 'score-table') return;
      expect(drops).toContainEqual(expect.objectContaining({ job: sampleTrace(1).job.id, reason: 'missing_blob' }));
      expect(rows).toBe(alone.rows);
    });

    it('writes the same bytes each time', async () => {
      const traces = [sampleTrace(1), sampleTrace(2)];
      const [first, second] = [await run(traces), await run(traces)];
      expect(first.files.contents).toEqual(second.files.contents);
    });

    it('describes every file in its manifest, and closes them, also where there is no trace', async () => {
      for (const traces of [[], [sampleTrace(1)]]) {
        const { files, manifest } = await run(traces);
        expect([...files.openPaths]).toEqual([]);
        expect(exportManifestSchema.parse(JSON.parse(files.text('manifest.json')))).toEqual(manifest);
        expect([...files.contents.keys()].toSorted()).toEqual(
          [...manifest.files.map(({ path }) => path), 'manifest.json'].toSorted(),
        );
      }
    });

    it('holds one trace at a time', async () => {
      let held = 0;
      let maxHeld = 0;
      async function* counted() {
        for (let number = 1; number <= 20; number++) {
          held += 1;
          maxHeld = Math.max(maxHeld, held);
          yield sampleTrace(number);
          held -= 1;
        }
      }
      await exportTraces(exporter, counted(), memoryContext(new MemoryFiles()));
      expect(maxHeld).toBe(1);
    });

    it('stops between two traces when it is aborted', async () => {
      const abort = new AbortController();
      async function* stream() {
        yield sampleTrace(1);
        abort.abort(new Error('stopped'));
        yield sampleTrace(2);
      }
      const context = memoryContext(new MemoryFiles(), { signal: abort.signal });
      await expect(exportTraces(exporter, stream(), context)).rejects.toThrow('stopped');
    });

    it('fails where a file cannot be written', async () => {
      const files = new MemoryFiles();
      const full = {
        open: async (path: string) => ({
          ...(await files.open(path)),
          write: () => Promise.reject(new Error('The disk is full.')),
        }),
      };
      await expect(exportTraces(exporter, streamOf([sampleTrace(1)]), memoryContext(full))).rejects.toThrow('full');
    });
  });
}
