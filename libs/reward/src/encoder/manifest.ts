import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EncoderError } from '../errors.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Describes an encoder: an ONNX file that maps one normalised RGB crop to one vector. */
const encoderManifestSchema = z.strictObject({
  id: z.string().min(1).describe('Name of the encoder; scores of different encoders are not comparable.'),
  file: z.string().min(1).describe('The ONNX file, relative to the manifest.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  license: z.string().min(1),
  source: z.string().min(1).describe('Where the file comes from or how it is built.'),
  inputSize: z.number().int().min(14).max(2048).describe('Side of the square input in pixels.'),
  inputLayout: z.literal('nchw').describe('float32 [1, 3, side, side], channels R, G, B.'),
  mean: triple,
  std: triple.refine((values) => values.every((value) => value > 0), 'must be above 0'),
  round: z.enum(['none', 'bf16']).default('none').describe('Rounding of the normalised pixels before the network.'),
  inputName: z.string().min(1),
  outputName: z.string().min(1),
  pooling: z.enum(['vector', 'cls']).describe('vector: output [1, dim]; cls: row 0 of output [1, tokens, dim].'),
  cells: z
    .strictObject({
      outputName: z.string().min(1),
      columns: z.number().int().min(1).max(64),
      rows: z.number().int().min(1).max(64),
    })
    .optional()
    .describe(
      'Output [1, tokens, dim] whose last columns * rows tokens are features of a grid over the crop, row-major.',
    ),
});
export type EncoderManifest = z.infer<typeof encoderManifestSchema>;

/** A manifest whose file was found and has the hash that it says. */
export interface EncoderFiles {
  manifest: EncoderManifest;
  modelPath: string;
  modelBytes: number;
}

const embeddedEncoder = fileURLToPath(new URL('../../encoders/analytic', import.meta.url));
const instead = 'or unset PENTIMENTO_ENCODER to use the embedded encoder';

/**
 * Reads and checks an encoder's manifest and verifies its file's SHA-256.
 * `location` is a folder that holds `manifest.json`, or a manifest's path; the embedded encoder where it is absent.
 * Throws `EncoderError` with the remedy.
 */
export async function loadEncoder(location: string = embeddedEncoder): Promise<EncoderFiles> {
  const path = await manifestPath(resolve(location));
  const manifest = parseManifest(await readManifest(path), path);
  const modelPath = join(dirname(path), manifest.file);
  const modelBytes = await fileBytes(modelPath, path);
  const sha256 = await hashFile(modelPath);
  if (sha256 !== manifest.sha256) {
    throw new EncoderError(
      `The encoder file ${modelPath} has SHA-256 ${sha256}, but its manifest says ${manifest.sha256}: fetch the file again, correct the manifest, ${instead}.`,
    );
  }
  return { manifest, modelPath, modelBytes };
}

async function manifestPath(location: string): Promise<string> {
  const found = await stat(location).catch(() => undefined);
  return found?.isDirectory() ? join(location, 'manifest.json') : location;
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new EncoderError(
      `There is no encoder manifest at ${path}: name a folder that holds a manifest.json, ${instead}.`,
      { cause },
    );
  }
}

function parseManifest(text: string, path: string): EncoderManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EncoderError(`The encoder manifest ${path} is not JSON: correct it, ${instead}.`, { cause });
  }
  const parsed = encoderManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new EncoderError(`The encoder manifest ${path} is not valid (${faults.join('; ')}): correct it, ${instead}.`, {
    cause: parsed.error,
  });
}

async function fileBytes(modelPath: string, manifest: string): Promise<number> {
  const found = await stat(modelPath).catch(() => undefined);
  if (found?.isFile()) return found.size;
  throw new EncoderError(
    `The encoder file ${modelPath} that ${manifest} names is missing: put it there, correct the manifest, ${instead}.`,
  );
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
