import { describe, expect, it } from 'vitest';
import { exportTraces, type TraceExporter } from '../exporter.ts';
import type { Trace } from '../trace.ts';
import { MemoryFiles, memoryContext } from './export-files.ts';
import { sampleTrace } from './traces.ts';

async function* streamOf(traces: readonly unknown[]): AsyncGenerator<unknown> {
  yield* traces;
}

const dropsOf = (files: MemoryFiles) =>
  files.texts
    .get('drops.jsonl')!
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** What every export format must do. */
export function describeExporter(exporter: TraceExporter): void {
  describe(`the export format ${exporter.id}`, () => {
    const run = async (traces: readonly unknown[]) => {
      const files = new MemoryFiles();
      const summary = await exportTraces(exporter, streamOf(traces), memoryContext(files));
      return { files, summary };
    };

    it('has an id that fits a command line and a description', () => {
      expect(exporter.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(exporter.description).toMatch(/^[A-Z].+\.$/);
    });

    it('exports every valid trace or lists it as dropped', async () => {
      const { files, summary } = await run([sampleTrace(1), sampleTrace(2), sampleTrace(3)]);
      expect(summary.exported + summary.dropped).toBe(3);
      expect(summary.exported).toBeGreaterThan(0);
      expect(summary.rows).toBeGreaterThan(0);
      expect(dropsOf(files)).toHaveLength(summary.dropped);
    });

    it('lists malformed, unfinished and inconsistent traces with their reason and goes on', async () => {
      const unfinished: Trace = { ...sampleTrace(2), job: { ...sampleTrace(2).job, status: 'running' } };
      const gap: Trace = { ...sampleTrace(3), iterations: sampleTrace(3).iterations.slice(1) };
      const { files, summary } = await run([{ job: { id: 'job_x' } }, unfinished, gap, sampleTrace(4)]);
      expect(dropsOf(files).slice(0, 3)).toMatchObject([
        { job: 'job_x', reason: 'malformed' },
        { job: unfinished.job.id, reason: 'unfinished' },
        { job: gap.job.id, reason: 'inconsistent' },
      ]);
      expect(summary.exported).toBe(1);
    });

    it('writes the same bytes each time', async () => {
      const traces = [sampleTrace(1), sampleTrace(2)];
      const [first, second] = [await run(traces), await run(traces)];
      expect(first.files.texts).toEqual(second.files.texts);
    });

    it('closes its files, also where there is no trace', async () => {
      for (const traces of [[], [sampleTrace(1)]]) {
        const { files } = await run(traces);
        expect([...files.openPaths]).toEqual([]);
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
