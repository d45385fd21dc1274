import type * as Onnx from 'onnxruntime-node';
import { PlaneWriter, resizeBicubic, tileSide } from '@pentimento/imaging';
import { buildDinov2Graph } from '../dinov2/graph.ts';
import { pixelCells, type Cells } from './cells.ts';
import { EncoderError } from '../errors.ts';
import type { EncoderFiles, ExecutionProvider } from './encoder-files.ts';
import type { EncoderManifest } from './manifest.ts';
import type { EncodedTile } from './tile-features.ts';

type Runtime = typeof Onnx;

export interface SessionSettings extends EncoderFiles {
  /** Threads of one inference. */
  threads: number;
}

/** An encoder in memory. Tiles go through one at a time: a batch is slower on CPUs and takes more memory. */
export class EncoderSession {
  readonly #runtime: Runtime;
  readonly #session: Onnx.InferenceSession;
  readonly #manifest: EncoderManifest;
  /** Of inferences that ended. */
  readonly #idleWriters: PlaneWriter[] = [];

  private constructor(runtime: Runtime, session: Onnx.InferenceSession, manifest: EncoderManifest) {
    this.#runtime = runtime;
    this.#session = session;
    this.#manifest = manifest;
  }

  /** Throws `EncoderError` where the runtime or the file cannot be loaded, or the graph is not what the manifest says. */
  static async open(settings: SessionSettings): Promise<EncoderSession> {
    const runtime = await loadRuntime();
    const session = await createSession(runtime, settings);
    requireNames(settings.manifest, session);
    return new EncoderSession(runtime, session, settings.manifest);
  }

  /** The vector and the cells of a tile's RGB pixels. Blocks its thread while it runs. */
  async encode(pixels: Uint8Array): Promise<EncodedTile> {
    const { outputName, inputSize, cells } = this.#manifest;
    const tile = { width: tileSide, height: tileSide, pixels };
    const input = resizeBicubic(tile, { width: inputSize, height: inputSize });
    const writer = this.#idleWriters.pop() ?? new PlaneWriter(this.#manifest, inputSize ** 2);
    const outputs = await this.#run(writer.write(input.pixels));
    this.#idleWriters.push(writer);
    return {
      vector: poolVector(outputs[outputName]!, this.#manifest),
      cells: cells ? readCells(outputs[cells.outputName]!, cells) : pixelCells(pixels, tileSide),
    };
  }

  /** Frees the network's memory. */
  close(): Promise<void> {
    return this.#session.release();
  }

  async #run(planes: Float32Array): Promise<Onnx.InferenceSession.OnnxValueMapType> {
    const { id, inputName, inputSize, outputName, cells } = this.#manifest;
    const tensor = new this.#runtime.Tensor('float32', planes, [1, 3, inputSize, inputSize]);
    const wanted = new Set([outputName, cells?.outputName ?? outputName]);
    try {
      return await this.#session.run({ [inputName]: tensor }, [...wanted]);
    } catch (cause) {
      throw new EncoderError(
        `The encoder ${id} failed on an input of ${inputSize} x ${inputSize} px: see that its manifest gives the size that the model takes.`,
        { cause },
      );
    }
  }
}

async function loadRuntime(): Promise<Runtime> {
  try {
    const runtime = await import('onnxruntime-node');
    // The exception carries the same message as stderr.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (cause) {
    throw new EncoderError(
      'onnxruntime-node cannot be loaded: install it again with ONNXRUNTIME_NODE_INSTALL=skip set (glibc 2.28 or newer is needed).',
      { cause },
    );
  }
}

async function createSession(runtime: Runtime, settings: SessionSettings): Promise<Onnx.InferenceSession> {
  const { modelPath, executionProvider } = settings;
  const { model, folder } = await readModel(settings);
  try {
    const options = sessionOptions(settings, folder);
    return await (typeof model === 'string'
      ? runtime.InferenceSession.create(model, options)
      : runtime.InferenceSession.create(model, options));
  } catch (cause) {
    if (executionProvider !== 'cpu') throw executionProviderError(executionProvider, cause);
    const what = settings.manifest.network
      ? `The weights ${modelPath} cannot be loaded: see whether memory is short, or fetch them again.`
      : `The encoder file ${modelPath} cannot be loaded as an ONNX model: export it again.`;
    throw new EncoderError(what, { cause });
  }
}

/** An ONNX file's path, or a network's graph in memory and the folder where its weights lie. */
async function readModel({
  manifest,
  modelPath,
}: SessionSettings): Promise<{ model: string | Uint8Array; folder?: string }> {
  const { network, inputSize, calibration } = manifest;
  if (!network) return { model: modelPath };
  return buildDinov2Graph(modelPath, network, inputSize, calibration ? 'int8' : 'float32');
}

function sessionOptions(
  { threads, executionProvider }: SessionSettings,
  folder?: string,
): Onnx.InferenceSession.SessionOptions {
  return {
    executionProviders: [executionProvider],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    extra: {
      session: {
        // Idle threads sleep instead of spinning: other work shares the cores.
        intra_op: { allow_spinning: '0' },
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
      },
    },
  };
}

/** The wanted one or none: another one's figures would pass for its own. */
function executionProviderError(name: ExecutionProvider, cause: unknown): EncoderError {
  return new EncoderError(
    `The execution provider "${name}" cannot be used: onnxruntime-node found no working ${name.toUpperCase()} libraries or no device; install them, or set PENTIMENTO_REWARD_PROVIDER to cpu.`,
    { cause },
  );
}

function requireNames(manifest: EncoderManifest, session: Onnx.InferenceSession): void {
  const outputs = [manifest.outputName, ...(manifest.cells ? [manifest.cells.outputName] : [])];
  const missing = [
    ...(session.inputNames.includes(manifest.inputName) ? [] : [`input "${manifest.inputName}"`]),
    ...outputs.filter((name) => !session.outputNames.includes(name)).map((name) => `output "${name}"`),
  ];
  if (missing.length === 0) return;
  const names = `inputs ${session.inputNames.join(', ')} and outputs ${session.outputNames.join(', ')}`;
  throw new EncoderError(
    `The encoder ${manifest.id} has no ${missing.join(' and no ')}: it has ${names}; correct its manifest.`,
  );
}

function poolVector(output: Onnx.Tensor, { id, pooling, outputName }: EncoderManifest): Float32Array {
  const { dims } = output;
  const data = floatsOf(output, id, outputName);
  if (pooling === 'vector' && dims.length === 2 && dims[0] === 1) return data;
  if (pooling === 'cls' && dims.length === 3 && dims[0] === 1) return data.slice(0, dims[2]);
  const wanted = pooling === 'vector' ? '[1, dim]' : '[1, tokens, dim]';
  throw new EncoderError(
    `The output "${outputName}" of the encoder ${id} is [${dims.join(', ')}], but pooling "${pooling}" wants ${wanted}: correct its manifest.`,
  );
}

/** The last tokens are the grid; the tokens before them (CLS, registers) are left out. */
function readCells(output: Onnx.Tensor, { outputName, columns, rows }: NonNullable<EncoderManifest['cells']>): Cells {
  const [batch, tokens = 0, dim = 0] = output.dims;
  const count = columns * rows;
  if (batch !== 1 || output.dims.length !== 3 || tokens < count) {
    throw new EncoderError(
      `The output "${outputName}" is [${output.dims.join(', ')}], but its manifest names ${columns} x ${rows} cells: correct the manifest.`,
    );
  }
  const features = floatsOf(output, 'cells', outputName).slice((tokens - count) * dim);
  return { columns, rows, features };
}

function floatsOf(output: Onnx.Tensor, id: string, name: string): Float32Array {
  if (output.data instanceof Float32Array) return output.data;
  throw new EncoderError(
    `The output "${name}" of ${id} is ${output.type}, not float32: export the encoder with float32.`,
  );
}
