import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceExporters } from '@pentimento/trace-formats';
import { exportTraces } from '@pentimento/traces';
import { groupsOf } from '../../libs/traces/src/derive/groups.ts';
import { modelTurnsOf } from '../../libs/traces/src/derive/turns.ts';
import { MemoryFiles, memoryContext, streamOf } from '../../libs/traces/src/testing/export-files.ts';
import type { Trace } from '../../libs/traces/src/trace.ts';
import { loaderTraces, SampleBlobs, type Pixels } from '../support/loader-traces.ts';
import { runLoader, trainersPython } from '../support/python.ts';

/** A row as a trainer's loader gives it (test/loaders/rows.py). */
interface LoadedRow {
  images: Pixels[];
  /** Images that reached the processor, the tokens that stand for them, and the tokens that they need. */
  seenImages: number;
  imageTokens: number;
  neededTokens: number;
  untaggedImages?: number;
  answer?: string;
}
type Reading = { rows: LoadedRow[] } | { error: string };

const blobs = new SampleBlobs();
const traces = loaderTraces(blobs);
let folder: string;

const turns = traces.flatMap((trace) => modelTurnsOf(trace).map((turn) => ({ trace, turn })));
const groups = traces.flatMap((trace) => groupsOf(trace).map((group) => ({ trace, group })));
type Candidate = Trace['iterations'][number]['candidates'][number];

/** The images of the prompt that a candidate answers, in the order sent. */
function imagesOf({ call }: Candidate): Pixels[] {
  const { messages } = JSON.parse(blobs.textOf(call!.prompt)) as { messages: { content: { image?: string }[] }[] };
  return messages.flatMap(({ content }) => content.flatMap(({ image }) => (image ? [blobs.pixelsOf(image)] : [])));
}

const replyOf = ({ call }: Candidate): string => blobs.textOf(call!.reply);

const prompts = groups.map(({ trace, group: { iteration, turns: members } }) => ({
  images: imagesOf(members[0]!.candidate),
  answer: {
    task: expect.stringMatching(/^[0-9a-f]{64}$/),
    target: trace.job.target.image,
    language: trace.job.language,
    ...(iteration.kind === 'refine' && { code: trace.iterations[0]!.candidates[0]!.code }),
  },
}));
const replies = turns.map(({ turn: { candidate } }) => ({
  images: imagesOf(candidate),
  completion: replyOf(candidate),
}));
const labels = turns.map(({ turn }, index) => ({ ...replies[index], label: turn.score >= 0.9 }));
const pairs = groups.map(({ group: { turns: members } }) => ({
  images: imagesOf(members[0]!.candidate),
  chosen: replyOf(members[0]!.candidate),
  rejected: replyOf(members.at(-1)!.candidate),
}));
const refinements = traces.map(({ job, iterations: [draft, refinement] }) => ({
  images: [blobs.pixelsOf(job.target.image)],
  flawed: blobs.textOf(draft!.candidates[0]!.code!),
  better: blobs.textOf(refinement!.candidates[0]!.code!),
  fence: job.language,
}));

/** What each format must hold of the traces, told apart from how it is written. */
const expected: Record<string, object[]> = {
  easyr1: prompts,
  'verl-rl': prompts,
  'trl-grpo': prompts,
  'swift-grpo': prompts,
  'verl-sft': replies,
  'trl-sft': replies,
  'swift-sft': replies,
  'vincicoder-sft': refinements,
  'trl-dpo': pairs,
  'swift-dpo': pairs,
  'trl-kto': labels,
  'swift-kto': labels,
};
const formats = Object.keys(expected);

/** Wrong encodings, and what becomes of them: an error, fewer rows without a word, or the same rows with images missing. */
const wrong: [format: string, kind: string, outcome: RegExp | 'fewer rows' | 'images missing'][] = [
  ...['trl-grpo', 'trl-sft', 'trl-dpo', 'trl-kto'].flatMap((format): typeof wrong => [
    [format, 'without-features', /TypeError: only a single or a list of entries is supported/],
    [format, 'without-last-image', /ValueError: Number of images provided/],
  ]),
  ['easyr1', 'without-features', /AttributeError: 'dict' object has no attribute 'size'/],
  ['easyr1', 'without-last-image', /Error/],
  ['verl-rl', 'without-last-image', 'fewer rows'],
  ['verl-rl', 'without-bytes', 'fewer rows'],
  ['verl-rl', 'bytes-alone', 'fewer rows'],
  ['verl-sft', 'without-last-image', /IndexError/],
  ['verl-sft', 'without-bytes', /UnidentifiedImageError/],
  ['swift-sft', 'without-last-image', 'images missing'],
  ['swift-grpo', 'without-bytes', /UnidentifiedImageError/],
  ['swift-dpo', 'equal-replies', 'fewer rows'],
  ['vincicoder-sft', 'image-structs', /AssertionError/],
];
const pathOf = (format: string, kind = 'right') => join(folder, `${format}.${kind}.parquet`);

/** Exports in a format, and returns how many rows the manifest says. */
async function writeExport(format: string): Promise<number> {
  const files = new MemoryFiles();
  const exporter = traceExporters.find(({ id }) => id === format)!;
  const context = memoryContext(files, { readBlob: blobs.read });
  const { rows } = await exportTraces(exporter, streamOf(traces), context);
  await writeFile(pathOf(format), files.contents.get('train.parquet')!);
  return rows.train;
}

const trainers = trainersPython('trl');

describe.skipIf(trainers.python === null)(
  `exports as trainers load them${trainers.reason && ` (skipped: ${trainers.reason})`}`,
  () => {
    const written = new Map<string, number>();
    const readings = new Map<string, Reading>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pentimento-loaders-'));
      for (const format of formats) written.set(format, await writeExport(format));
      const spoiled = wrong.map(([format, kind]) => `${kind}=${pathOf(format)}=${pathOf(format, kind)}`);
      await runLoader(trainers.python!, 'spoil.py', spoiled, folder);
      const all = [...formats.map((format) => [format, 'right'] as const), ...wrong];
      const args = all.map(([format, kind]) => `${format}=${pathOf(format, kind)}`);
      const results = JSON.parse(await runLoader(trainers.python!, 'read.py', args, folder)) as Reading[];
      for (const [index, [format, kind]] of all.entries()) readings.set(`${format} ${kind}`, results[index]!);
    }, 900_000);

    afterAll(() => rm(folder, { recursive: true }));

    const rowsOf = (format: string, kind = 'right'): LoadedRow[] => {
      const reading = readings.get(`${format} ${kind}`)!;
      if ('error' in reading) throw new Error(reading.error);
      return reading.rows;
    };

    it.each(formats)('loads as many rows of %s as were exported, with what the traces hold', (format) => {
      const rows = rowsOf(format).map(({ answer, ...row }) => ({
        ...row,
        ...(answer && { answer: JSON.parse(answer) }),
      }));
      expect(rows).toHaveLength(written.get(format)!);
      expect(rows).toMatchObject(expected[format]!);
    });

    it.each(formats)('shows the model every image of %s, in as many tokens as it needs', (format) => {
      for (const { images, seenImages, imageTokens, neededTokens, untaggedImages = 0 } of rowsOf(format)) {
        expect(images.length).toBeGreaterThan(0);
        expect({ seenImages, imageTokens, untaggedImages }).toEqual({
          seenImages: images.length,
          imageTokens: neededTokens,
          untaggedImages: 0,
        });
      }
    });

    it.each(wrong)('would not hide a wrong encoding of %s: %s', (format, kind, outcome) => {
      const reading = readings.get(`${format} ${kind}`)!;
      if (outcome instanceof RegExp) {
        expect(reading).toEqual({ error: expect.stringMatching(outcome) });
        return;
      }
      const rows = rowsOf(format, kind);
      if (outcome === 'fewer rows') expect(rows.length).toBeLessThan(written.get(format)!);
      else expect(rows.map(({ images }) => images)).not.toEqual(rowsOf(format).map(({ images }) => images));
    });
  },
);
