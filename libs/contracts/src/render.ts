import { z } from 'zod';
import { uploadLimits } from './uploads.ts';
import { blobIdSchema } from './primitives.ts';
import { languageSchema } from './language.ts';

export const renderFailureKinds = [
  'syntax',
  'runtime',
  'timeout',
  'memory',
  'blocked',
  'empty',
  'too-large',
  'unavailable',
] as const;
export const renderFailureKindSchema = z.enum(renderFailureKinds).meta({ id: 'RenderFailureKind' });
export type RenderFailureKind = z.infer<typeof renderFailureKindSchema>;

/** Longest message of a failed render, in bytes: what helps a model repair, and no more. */
export const maxRenderMessageBytes = 2048;

/** Most of a render's text that is kept, characters. */
export const maxRenderTextLength = 65_536;

/** Properties of a rendered SMILES, by RDKit. */
export const moleculeSchema = z
  .strictObject({
    canonical: z.string().describe('Canonical SMILES.'),
    similarity: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Tanimoto similarity of Morgan fingerprints to the target's SMILES; null where that is not known."),
  })
  .meta({ id: 'Molecule' });
export type Molecule = z.infer<typeof moleculeSchema>;

export const bitmapShareSchema = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .describe('Share of the area of a render that bitmaps cover which the code holds; null where it is not known.');

const renderBase = {
  renderer: z.string().describe('Renderer and its version, e.g. "svg librsvg-2.60".'),
  ms: z.number().min(0),
};

/** The render of a candidate as stored: the PNG's blob and size, or the typed reason why there is none. */
export const renderRecordSchema = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('ok'),
      image: blobIdSchema,
      width: z.number().int().min(1),
      height: z.number().int().min(1),
      log: z.string().describe('Messages of the renderer in addition to the image, at most 2 KB; often empty.'),
      molecule: moleculeSchema.nullable().describe('Null except for a rendered SMILES.'),
      bitmapShare: bitmapShareSchema.default(null),
      ...renderBase,
    }),
    z.strictObject({
      status: z.literal('failed'),
      kind: renderFailureKindSchema,
      message: z.string().describe('At most 2 KB, written for the model that must repair the code.'),
      ...renderBase,
    }),
  ])
  .meta({ id: 'RenderRecord' });
export type RenderRecord = z.infer<typeof renderRecordSchema>;

/** How well the code is isolated: `sandbox` for any code, `process` only for trusted code, `unsafe` by explicit setting. */
export const isolationSchema = z.enum(['sandbox', 'process', 'unsafe']);
export type Isolation = z.infer<typeof isolationSchema>;

/** Whether a language can be rendered on this server, and what to do where it cannot. */
export const rendererStateSchema = z
  .strictObject({
    language: languageSchema,
    available: z.boolean(),
    renderer: z.string().nullable(),
    isolation: isolationSchema.nullable(),
    reason: z
      .string()
      .nullable()
      .describe('Why not, or why only weakly isolated, with the remedy; null where all is well.'),
  })
  .meta({ id: 'RendererState' });
export type RendererState = z.infer<typeof rendererStateSchema>;

/** `target`: code is rendered as its target shows it. `published`: at the sizes and in the way of the published reward. */
export const renderModes = ['target', 'published'] as const;
export type RenderMode = (typeof renderModes)[number];

export interface RenderRequest {
  language: z.infer<typeof languageSchema>;
  code: string;
  /** The target's size in pixels: the viewport of a page, the canvas of an image without its own size. */
  size: { width: number; height: number };
  /** Device pixels a CSS pixel, 1 to 4, of the screen that a page is shown on: its viewport is `size` over this. Default: 1. */
  deviceScale?: number;
  /** Of the viewport of a page, CSS pixels. Default: that of the service, else inferred from the target. */
  viewportHeight?: number;
  /** Written by the project's own model from start to end, so it may run where only weak isolation is to be had. */
  trusted: boolean;
  /** The target's own code, where it is known: a molecule is compared with it. */
  reference?: string;
  /** The job that the render is for: renders of different jobs take turns. */
  job?: string;
}

/** What a renderer answers: an opaque sRGB PNG, or a typed failure. Failure is a value; an exception is an outage. */
export type RenderResult =
  | {
      status: 'ok';
      image: Uint8Array;
      width: number;
      height: number;
      log: string;
      /** The text that the render shows, in reading order, at most `maxRenderTextLength`; null where it cannot be known. */
      text: string | null;
      molecule: Molecule | null;
      /** Share of its area that bitmaps cover which the code holds, 0..1; null where it is not known. */
      bitmapShare: number | null;
      renderer: string;
      ms: number;
    }
  | { status: 'failed'; kind: RenderFailureKind; message: string; renderer: string; ms: number };

const side = z.number().int().min(1).max(uploadLimits.side);

/** The size at which code is drawn, CSS pixels. */
export const renderSizeSchema = z.strictObject({ width: side, height: side });
