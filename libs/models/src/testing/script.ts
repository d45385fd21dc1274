import { languageSchema, taskSchema } from '@pentimento/contracts';
import { z } from 'zod';

/**
 * When a step is played: every given condition must hold of the prompt. All but `call` are read from the prompt and the
 * log, so a worker that is killed and started again gets the same step for the same prompt.
 */
const whenSchema = z.strictObject({
  model: z.string().optional().describe('The name after "scripted/".'),
  task: taskSchema.shape.task.optional().describe("The task block's kind."),
  language: languageSchema.optional(),
  answer: taskSchema.shape.answer.optional().describe('The form of answer that the task block asks for.'),
  scoreBelow: z.number().optional().describe('The score in the task block is below this.'),
  scoreAtLeast: z.number().optional(),
  codeLines: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Lines of the current code in the prompt; 0 where there is none.'),
  codeHas: z.string().optional().describe('The current code contains this text.'),
  has: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("The prompt's text contains this, or all of these."),
  lacks: z.string().optional().describe("The prompt's text does not contain this."),
  seed: z
    .number()
    .int()
    .optional()
    .describe('The sampling seed of the call, which tells the candidates of a group apart.'),
  attempt: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('How often this same prompt with this seed has been asked by now, over all processes. Needs the log.'),
  call: z.number().int().min(1).optional().describe('The how-manieth call of this process it is; not restart-safe.'),
});
export type When = z.infer<typeof whenSchema>;

const templateHelp =
  'May hold {{language}}, {{width}}, {{height}}, {{score}}, {{code}} and {{lines}} (of the current code), {{seed}}, {{call}} and {{attempt}}.';

const actions = ['text', 'code', 'edits', 'error', 'hang'] as const;

const stepSchema = z
  .strictObject({
    when: whenSchema.prefault({}),
    delayMs: z.number().min(0).optional().describe("Before it answers or fails; the script's own delay where absent."),
    text: z.string().optional().describe(`The whole reply, nonsense included. ${templateHelp}`),
    code: z.string().optional().describe(`Code to answer with, fenced for the prompt's language. ${templateHelp}`),
    edits: z
      .array(z.strictObject({ search: z.string(), replace: z.string() }))
      .min(1)
      .optional()
      .describe(`Search/replace edits to answer with. ${templateHelp}`),
    error: z
      .strictObject({
        status: z.number().int().min(300).max(599),
        headers: z.record(z.string(), z.string()).default({}).describe('Names in lower case.'),
        message: z.string().default('The script answers with an error.'),
        after: z.string().default('').describe('Text that is streamed before the error.'),
      })
      .optional()
      .describe('Fails as an HTTP server would.'),
    hang: z.literal(true).optional().describe('Gives nothing until the call is aborted.'),
    reasoning: z.string().default('').describe('What the model thinks before it answers.'),
    pace: z
      .strictObject({ characters: z.number().int().min(1), everyMs: z.number().min(0) })
      .optional()
      .describe('Streams in parts of so many characters, so many milliseconds apart.'),
    stallAt: z.number().int().min(0).optional().describe('After so many characters of the reply nothing more comes.'),
    cutAt: z.number().int().min(0).optional().describe('Number of characters of the reply that are sent.'),
    finish: z
      .enum(['stop', 'length', 'content-filter', 'interrupted', 'other'])
      .optional()
      .describe('Finish reason: "length" after cutAt, else "stop". With "interrupted" the stream ends without one.'),
    usage: z
      .strictObject({
        inputTokens: z.number().int().min(0).nullable(),
        outputTokens: z.number().int().min(0).nullable(),
      })
      .optional()
      .describe('A quarter of the characters where absent.'),
  })
  .refine((step) => actions.filter((action) => step[action] !== undefined).length === 1, {
    message: `A step has exactly one of ${actions.join(', ')}.`,
  });
export type Step = z.infer<typeof stepSchema>;

/** The file that PENTIMENTO_SCRIPTED_MODEL names. The first step whose `when` holds is played. */
export const scriptSchema = z
  .strictObject({
    log: z.string().optional().describe("File to which every call is appended, relative to the script's folder."),
    delayMs: z.number().min(0).default(0),
    steps: z.array(stepSchema).min(1),
  })
  .refine(({ log, steps }) => log !== undefined || steps.every(({ when }) => when.attempt === undefined), {
    message: 'A step with the condition "attempt" needs a log.',
  });
export type Script = z.infer<typeof scriptSchema>;
