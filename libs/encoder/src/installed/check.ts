import { calibrationTiles } from './calibration-tiles.ts';
import type { EncoderFiles, ExecutionProvider } from '../inference/encoder-files.ts';
import { EncoderSession } from '../inference/session.ts';
import { tileSimilarity } from '../inference/similarity.ts';
import type { EncodedTile } from '../inference/tile-features.ts';

/** How an encoder behaves with known tiles on this machine. */
export interface EncoderCheck {
  /** Where the network ran. */
  executionProvider: ExecutionProvider;
  threads: number;
  /** Numbers in a vector. */
  dimension: number;
  cells: { columns: number; rows: number };
  loadMs: number;
  /** Median of the tiles after the first. */
  tileMs: number;
  /** Growth of the process's memory at its peak. */
  memoryBytes: number;
  /** Of a tile and itself. */
  sameScore: number;
  /** Of images and the same images slightly changed, on average. */
  nearScore: number;
  /** Of images and a blank tile, on average. */
  blankScore: number;
  /** One sentence each; empty where the encoder can be used. */
  problems: string[];
}

const scoreTolerance = 1e-6;

/**
 * Runs an encoder over known tiles, in the calling thread. Throws `EncoderError` where it does not load or run, and the signal's
 * reason.
 */
export async function checkEncoder(
  files: EncoderFiles,
  { threads, signal }: { threads: number; signal?: AbortSignal },
): Promise<EncoderCheck> {
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const session = await EncoderSession.open({ ...files, threads });
  const loadMs = performance.now() - started;
  try {
    const tiles = await calibrationTiles();
    const { encoded, times } = await encodeAll(session, tiles, signal);
    const again = await session.encode(tiles[0]!);
    const { columns, rows } = encoded[0]!.cells;
    const scores = knownScores(encoded, again);
    return {
      executionProvider: files.executionProvider,
      threads,
      dimension: encoded[0]!.vector.length,
      cells: { columns, rows },
      loadMs,
      tileMs: median(times.slice(1)),
      memoryBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - before),
      ...scores,
      problems: problemsOf(encoded, again, scores),
    };
  } finally {
    await session.close();
  }
}

async function encodeAll(session: EncoderSession, tiles: Uint8Array[], signal: AbortSignal | undefined) {
  const encoded: EncodedTile[] = [];
  const times: number[] = [];
  for (const tile of tiles) {
    signal?.throwIfAborted();
    const started = performance.now();
    encoded.push(await session.encode(tile));
    times.push(performance.now() - started);
  }
  return { encoded, times };
}

/** The tiles come in pairs of an image and its change; the first of the last pair is blank. */
function knownScores(encoded: EncodedTile[], again: EncodedTile) {
  const score = (a: number, b: number) => tileSimilarity(encoded[a]!.vector, encoded[b]!.vector);
  const blank = encoded.length - 2;
  const images = Array.from({ length: blank / 2 }, (_, pair) => pair * 2);
  return {
    sameScore: tileSimilarity(encoded[0]!.vector, again.vector),
    nearScore: mean(images.map((image) => score(image, image + 1))),
    blankScore: mean(images.map((image) => score(image, blank))),
  };
}

function problemsOf(encoded: EncodedTile[], again: EncodedTile, scores: ReturnType<typeof knownScores>): string[] {
  const finite = encoded.every(
    ({ vector, cells }) => vector.every(Number.isFinite) && cells.features.every(Number.isFinite),
  );
  if (!finite) return ['It gives numbers that are not finite: its file is damaged or not float32.'];
  const problems: string[] = [];
  if (Buffer.compare(bytesOf(encoded[0]!.vector), bytesOf(again.vector)) !== 0) {
    problems.push('It gives different numbers for the same tile: its scores cannot be reproduced.');
  }
  if (Math.abs(scores.sameScore - 1) > scoreTolerance) problems.push('A tile scores less than 1 against itself.');
  if (!(scores.blankScore < scores.nearScore)) {
    problems.push('A blank tile scores as high as nearly the same image: it cannot distinguish images.');
  }
  return problems;
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
