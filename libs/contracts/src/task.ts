import { z } from 'zod';
import { boxSchema, deviceScaleSchema, scoreSchema } from './primitives.ts';
import { fence, fencedBlocks } from './fence.ts';
import { languageSchema } from './language.ts';

/** Info string of the fenced JSON block that says a prompt's task in a form that programs read too. */
export const taskFenceName = 'task';

const imageNumber = z.number().int().min(1).describe('Number of an image of this prompt, in the order sent, from 1.');

/**
 * The task of a prompt as data: what is asked, of which images, in which regions. It is in the prompt's text as a
 * fenced `task` block, so a model reads it as text and the built-in model as JSON. Boxes are in pixels of the target.
 */
export const taskSchema = z.strictObject({
  task: z.enum(['draft', 'repair', 'refine', 'rewrite']),
  language: languageSchema,
  answer: z
    .enum(['code', 'edits'])
    .describe('code: one fenced block with all of the code; edits: search/replace blocks.'),
  size: z
    .strictObject({ width: z.number().int().min(1), height: z.number().int().min(1) })
    .describe("The target's size."),
  deviceScale: deviceScaleSchema.optional().describe('Of the screen that a page is shown on; 1 where absent.'),
  images: z.array(
    z.strictObject({
      image: imageNumber,
      role: z.enum(['target', 'target-part', 'render', 'patch-target', 'patch-render', 'alternative']),
      width: z.number().int().min(1),
      height: z.number().int().min(1),
      box: boxSchema.describe('The region of the target that the image shows.'),
    }),
  ),
  score: scoreSchema.nullable().describe('Overall score of the current code; null where there is none.'),
  patches: z.array(
    z.strictObject({
      patch: z.number().int().min(1),
      box: boxSchema,
      score: scoreSchema,
      change: z.number().nullable(),
      lostShare: z.number(),
      target: imageNumber.nullable().describe('Null where the image is left out.'),
      render: imageNumber.nullable(),
      words: z.string().optional().describe('What the user wants to be fixed in it.'),
    }),
  ),
  keep: z.array(boxSchema).describe('Regions that are correct and must not change.'),
  locked: z.array(boxSchema).optional().describe('Regions that the user wants to stay as they are; none where absent.'),
});
export type Task = z.infer<typeof taskSchema>;

export function writeTask(task: Task): string {
  return fence(JSON.stringify(taskSchema.parse(task)), taskFenceName);
}

/** Far above that of any task, characters. */
const maxTaskLength = 65_536;

/** The task of a prompt's text, or undefined where it has none or it is not well-formed. */
export function readTask(text: string): Task | undefined {
  const block = fencedBlocks(text).find((candidate) => candidate.info === taskFenceName);
  if (!block || block.body.length > maxTaskLength) return undefined;
  try {
    return taskSchema.parse(JSON.parse(block.body));
  } catch {
    return undefined;
  }
}

/** What a refinement asks for in VinciCoder's form, in prompts and in exported rows, so that a model meets the words it was trained on. */
export const refinementRequest =
  'The image is the target. The code below should draw it, but what it draws differs. Correct the code.';

/** The marker lines of an edit: search/replace blocks inside one or more fenced blocks of the language. */
export const editMarkers = { search: '<<<<<<< SEARCH', divider: '=======', replace: '>>>>>>> REPLACE' } as const;

/** What all edits of a reply may cost together, in characters of code that are compared: this is work on the event loop. */
export const maxEditCost = 8 * 1024 * 1024;

export interface Edit {
  search: string;
  replace: string;
}

export function writeEdit(edit: Edit): string {
  return [editMarkers.search, edit.search, editMarkers.divider, edit.replace, editMarkers.replace].join('\n');
}
