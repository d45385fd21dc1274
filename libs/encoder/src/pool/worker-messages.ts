import type { EncoderFiles } from '../inference/encoder-files.ts';
import type { TileFeatures } from '../inference/tile-features.ts';

/** Tasks of a worker thread by name: what each takes and gives. Both cross between threads as structured clones. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

/** The task that every worker has: the RGB pixels of a tile of 448 x 448 px to its features. */
export type EncodeTask = { encode: { input: Uint8Array; output: TileFeatures } };

/** The result of a handler: buffers under `transfer` are moved to the other thread instead of copied. */
export interface Handled<Output> {
  output: Output;
  transfer?: ArrayBuffer[];
}

export type TaskHandlers<Tasks extends TaskMap> = {
  [Name in keyof Tasks]: (
    input: Tasks[Name]['input'],
  ) => Handled<Tasks[Name]['output']> | Promise<Handled<Tasks[Name]['output']>>;
};

/** What a worker is started with. */
export interface WorkerSettings extends EncoderFiles {
  /** Threads of one inference. */
  threads: number;
}

/** One task; a worker gets one at a time and sends one reply to each. */
export interface WorkerRequest {
  task: string;
  input: unknown;
}

export type WorkerReply =
  { ok: true; output: unknown } | { ok: false; kind: 'image' | 'encoder' | 'bug'; message: string; detail: string };
