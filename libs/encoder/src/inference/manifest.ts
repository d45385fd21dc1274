import { z } from 'zod';
import { dinov2ConfigSchema } from '../dinov2/config.ts';
import { EncoderError } from '../errors.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Changes of scores with int8 matrices against float32, over all pairs of the calibration tiles. */
const calibrationSchema = z.strictObject({
  tiles: z.number().int(),
  largestDifference: z.number().describe('Of a score, 0..1.'),
  meanDifference: z.number(),
  limit: z.number().describe('The difference that is no longer accepted.'),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** Describes an encoder: a file that maps one normalized RGB crop to one vector. */
const encoderManifestSchema = z.strictObject({
  id: z.string().min(1).describe('Name of the encoder; scores of different encoders are not comparable.'),
  file: z.string().min(1).describe('The ONNX or weights file; a relative path starts at the manifest.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  license: z.string().min(1),
  source: z.string().min(1).describe('Where the file comes from or how it is built.'),
  inputSize: z.number().int().min(14).max(2048).describe('Side of the square input in pixels.'),
  inputLayout: z.literal('nchw').describe('float32 [1, 3, side, side], channels R, G, B.'),
  mean: triple,
  std: triple.refine((values) => values.every((value) => value > 0), 'must be above 0'),
  round: z.enum(['none', 'bf16']).default('none').describe('Rounding of the normalized pixels before the network.'),
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
  network: dinov2ConfigSchema
    .optional()
    .describe('The file holds the weights of a DINOv2 network of these sizes (safetensors), not an ONNX graph.'),
  calibration: calibrationSchema.optional().describe('The matrices of the network are int8.'),
});
export type EncoderManifest = z.infer<typeof encoderManifestSchema>;

/** The remedy that every encoder has. */
export const instead = 'or unset PENTIMENTO_ENCODER to use the embedded encoder';

/** Throws `EncoderError` that names every invalid field. */
export function parseManifest(text: string, path: string): EncoderManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EncoderError(`The encoder manifest ${path} is not JSON: correct it, ${instead}.`, { cause });
  }
  const parsed = encoderManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new EncoderError(
    `The encoder manifest ${path} is not valid (${describeIssues(parsed.error)}): correct it, ${instead}.`,
    { cause: parsed.error },
  );
}

function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`).join('; ');
}
