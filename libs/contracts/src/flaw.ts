import { z } from 'zod';
import { languageSchema } from './language.ts';
import { blobIdSchema, boxSchema, sizeSchema } from './primitives.ts';
import { renderFailureKindSchema } from './render.ts';
import { rewardRecordSchema } from './reward.ts';

/** How correct code can be made wrong, for all languages: a closed list. */
export const flawKinds = [
  'wrong-color',
  'wrong-label',
  'wrong-number',
  'missing-element',
  'extra-element',
  'shifted-part',
  'resized-part',
  'broken-syntax',
  'wrong-call',
] as const;
export const flawKindSchema = z.enum(flawKinds).meta({ id: 'FlawKind' });
export type FlawKind = z.infer<typeof flawKindSchema>;

/** One flaw: its kind, and the edit that makes it. */
export const flawSchema = z
  .strictObject({
    kind: flawKindSchema,
    description: z.string().min(1).describe('What is wrong in the flawed code, as one sentence.'),
    edit: z
      .strictObject({ search: z.string().min(1), replace: z.string().min(1) })
      .describe(
        'Turns the correct code into the flawed code; with its two texts swapped it is the fix. Each stands exactly once in its code.',
      ),
  })
  .meta({ id: 'Flaw' });
export type Flaw = z.infer<typeof flawSchema>;

const imageFields = {
  image: blobIdSchema.describe('SHA-256 of the PNG.'),
  ...sizeSchema.shape,
  renderer: z.string().describe('Renderer and its version.'),
};

const flawedRenderSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('ok'), ...imageFields }),
  z.strictObject({
    status: z.literal('failed'),
    kind: renderFailureKindSchema,
    message: z.string(),
    renderer: z.string(),
  }),
]);

/**
 * Correct code and its flawed twin, both rendered, the twin scored against the target. The images' bytes lie elsewhere, by
 * SHA-256. No field depends on the time of making: the same request on the same machine gives the same pair.
 */
export const flawPairSchema = z
  .strictObject({
    source: z.string().min(1).describe('Name of the correct code, e.g. its path.'),
    language: languageSchema,
    ...flawSchema.shape,
    correctCode: z.string().min(1),
    flawedCode: z.string().min(1),
    target: z.strictObject(imageFields).describe('The render of the correct code.'),
    flawed: flawedRenderSchema.describe('The render of the flawed code, or why there is none.'),
    score: rewardRecordSchema
      .pick({ version: true, encoder: true, preprocessing: true, terms: true })
      .describe('Of the flawed render against the target, with what it was made by.'),
    box: boxSchema
      .nullable()
      .describe(
        'The part of the target that the flaw changed, in its pixels; null where the flawed code does not render.',
      ),
    changedShare: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Changed pixels, as a share of the target's; null where the flawed code does not render."),
  })
  .refine(
    ({ flawed, box, changedShare }) =>
      [box, changedShare].every((value) => (value !== null) === (flawed.status === 'ok')),
    {
      message: 'A box and a changed share belong to flawed code that renders, and to no other.',
    },
  )
  .refine(({ box, target }) => !box || (box.x + box.width <= target.width && box.y + box.height <= target.height), {
    message: 'The box lies within the target.',
  })
  .refine(({ edit, correctCode, flawedCode }) => applyOnce(correctCode, edit.search, edit.replace) === flawedCode, {
    message: 'The edit turns the correct code into the flawed code.',
  })
  .refine(({ edit, correctCode, flawedCode }) => applyOnce(flawedCode, edit.replace, edit.search) === correctCode, {
    message: 'The reversed edit turns the flawed code into the correct code.',
  })
  .meta({ id: 'FlawPair' });
export type FlawPair = z.infer<typeof flawPairSchema>;

/**
 * source_fails: the correct code does not render. source_differs: it does not show the given target. no_flaws_known: nothing is
 * known of its language. no_visible_change: the twin looks like its target. renders_though_broken: its syntax was to be broken.
 * fails_to_render: it was to look wrong. stopped: it was ended for its time or memory, or could not be tried, which says nothing of the code.
 * no_row: the twin is a pair, and has no row in a table that was asked for.
 */
export const flawSkipReasons = [
  'source_fails',
  'source_differs',
  'no_flaws_known',
  'no_visible_change',
  'renders_though_broken',
  'fails_to_render',
  'stopped',
  'no_row',
] as const;

/** The tables in which flaw pairs can be written, each in the columns of the export format of the same id. */
export const flawTableIds = ['vincicoder-sft', 'critic'] as const;
export type FlawTableId = (typeof flawTableIds)[number];

/** A flawed twin, or a whole source, that gave no pair, with the reason. */
export const flawSkipSchema = z
  .strictObject({
    source: z.string().min(1),
    language: languageSchema,
    reason: z.enum(flawSkipReasons),
    detail: z.string().min(1),
    flaw: flawSchema.nullable().describe('Null where the source as a whole gave none.'),
  })
  .meta({ id: 'FlawSkip' });
export type FlawSkip = z.infer<typeof flawSkipSchema>;

/** The code with the text replaced where it stands exactly once; undefined where it does not. */
function applyOnce(code: string, search: string, replace: string): string | undefined {
  const at = code.indexOf(search);
  if (at === -1 || code.indexOf(search, at + 1) !== -1) return undefined;
  return code.slice(0, at) + replace + code.slice(at + search.length);
}
