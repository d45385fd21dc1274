/**
 * Exports of made trajectories in each format: node bench/export.ts [TRAJECTORIES [FORMAT...]]
 *
 * Each trajectory has three groups of two candidates, prompts with up to six images, and tokens. Each format runs in a process of its
 * own, which writes to a temporary folder and removes it. "plain", before the others, writes each trace as a line of JSON and its blobs
 * as files, and nothing else: no checks, no hashes, no manifest. What counts is the processor time, which other work on the machine
 * hardly changes.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportOptionsSchema } from '@pentimento/contracts';
import { traceExporters } from '../libs/trace-formats/src/index.ts';
import { exportTraces } from '../libs/traces/src/index.ts';
import { blobIdsOf } from '../libs/traces/src/trace.ts';
import { exportFolder } from '../test/support/export-folder.ts';
import { imagePool, madeBlobs, madeTraces } from './export/made-traces.ts';

interface Result {
  rows: number;
  files: number;
  bytes: number;
  /** Of the wall clock. */
  seconds: number;
  /** Of the processor, all threads. */
  processorSeconds: number;
  peakBytes: number;
}

const plain = 'plain';
const [first = '10000', ...chosen] = process.argv.slice(2);
if (first === '--format') console.log(JSON.stringify(await measure(chosen[0]!, Number(chosen[1]))));
else await compare(Number(first), chosen.length > 0 ? chosen : [plain, ...traceExporters.map(({ id }) => id)]);

async function compare(trajectories: number, formats: readonly string[]): Promise<void> {
  console.log(`${trajectories} trajectories of 6 candidates; ms a row, MB/s and times plain's by processor seconds`);
  console.log('format                     rows    files      MB  seconds  processor  ms/row   MB/s  peak MiB  x plain');
  let plainSeconds = Number.NaN;
  for (const format of formats) {
    const { processorSeconds } = await show(format, trajectories, plainSeconds);
    if (format === plain) plainSeconds = processorSeconds;
  }
}

async function show(format: string, trajectories: number, plainSeconds: number): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    import.meta.filename,
    '--format',
    format,
    String(trajectories),
  ]);
  const result = JSON.parse(stdout) as Result;
  const { rows, files, bytes, seconds, processorSeconds, peakBytes } = result;
  const columns = [
    format.padEnd(23),
    String(rows).padStart(7),
    String(files).padStart(8),
    (bytes / 1e6).toFixed(0).padStart(7),
    seconds.toFixed(1).padStart(8),
    processorSeconds.toFixed(1).padStart(10),
    ((processorSeconds * 1000) / rows).toFixed(2).padStart(7),
    (bytes / 1e6 / processorSeconds).toFixed(1).padStart(6),
    (peakBytes / 2 ** 20).toFixed(0).padStart(9),
    (Number.isNaN(plainSeconds) ? '-' : (processorSeconds / plainSeconds).toFixed(2)).padStart(8),
  ];
  console.log(columns.join(' '));
  return result;
}

/** Runs one format in this process. */
async function measure(format: string, trajectories: number): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-export-'));
  const readBlob = madeBlobs(await imagePool());
  const began = performance.now();
  const before = process.cpuUsage();
  try {
    const written = await (format === plain ? writePlain : writeFormat)({ format, trajectories, folder, readBlob });
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(before);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    return { ...written, seconds, processorSeconds: (user + system) / 1e6, peakBytes };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Run {
  format: string;
  trajectories: number;
  folder: string;
  readBlob: (id: string) => Promise<Uint8Array | null>;
}
type WrittenFiles = Pick<Result, 'rows' | 'files' | 'bytes'>;

async function writeFormat({ format, trajectories, folder, readBlob }: Run): Promise<WrittenFiles> {
  const exporter = traceExporters.find(({ id }) => id === format);
  if (!exporter) throw new Error(`There is no format ${format}.`);
  const manifest = await exportTraces(exporter, madeTraces(trajectories), {
    files: exportFolder(folder),
    options: exportOptionsSchema.parse({}),
    filter: {},
    codeVersion: '0',
    readBlob,
    splitOf: () => 'train',
    signal: new AbortController().signal,
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { rows: manifest.rows.train, files: manifest.files.length, bytes };
}

async function writePlain({ trajectories, folder, readBlob }: Run): Promise<WrittenFiles> {
  await mkdir(join(folder, 'blobs'));
  const written: WrittenFiles = { rows: 0, files: 1, bytes: 0 };
  for await (const trace of madeTraces(trajectories)) {
    for (const id of blobIdsOf(trace)) {
      const bytes = (await readBlob(id))!;
      await writeFile(join(folder, 'blobs', id), bytes);
      written.files += 1;
      written.bytes += bytes.length;
    }
    const line = `${JSON.stringify(trace)}\n`;
    await writeFile(join(folder, 'traces.jsonl'), line, { flag: 'a' });
    written.rows += 1;
    written.bytes += Buffer.byteLength(line);
  }
  return written;
}
