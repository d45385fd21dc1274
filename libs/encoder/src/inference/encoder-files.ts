import type { EncoderManifest } from './manifest.ts';

/** ONNX Runtime's execution providers that are supported: the processor, or an NVIDIA card where its libraries are. */
export type ExecutionProvider = 'cpu' | 'cuda';

/** A manifest whose file was found and has the SHA-256 that the manifest gives. */
export interface EncoderFiles {
  /** The id of a network ends with the version of its graph, and `-int8` where its matrices are. */
  manifest: EncoderManifest;
  modelPath: string;
  modelBytes: number;
  executionProvider: ExecutionProvider;
}
