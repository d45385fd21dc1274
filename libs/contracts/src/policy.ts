import { z } from 'zod';
import { rewardTermIdSchema } from './reward.ts';

/** Id of a search strategy. Which ids there are, the registry of the agent knows. */
export const strategySchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, 'A search strategy is named by its id, e.g. "greedy": small letters, digits and hyphens.')
  .default('greedy')
  .describe(
    'How the search goes from one iteration to the next. greedy: from the best candidate. best-of-n: drafts only, without feedback. beam: from the `width` best candidates. tree: from the branch that promises most. recombine: as greedy, and takes the better parts of what was not accepted.',
  );

/** Terms that may have a minimum beside the threshold. */
const maxMinimums = 16;

/** Scores lie in 0..1, so that a loss of more than 1 never happens. */
const guardTolerance = (byDefault: number, what: string) =>
  z
    .number()
    .min(0)
    .max(1)
    .default(byDefault)
    .describe(`Guard: the most ${what}, though its overall score gains. 1 turns it off.`);

/** How the loop searches and when it is content, as a job stores it: every field has a default, which stays what it is for stored policies. */
export const policySchema = z
  .strictObject({
    threshold: z.number().min(0).max(1).default(0.995).describe('Score at which the job is done.'),
    profile: rewardTermIdSchema
      .default('overall')
      .describe(
        'The term that the threshold reads, one that `GET /v1/rewards/terms` marks for it; candidates are ranked by the overall score in any case.',
      ),
    minimums: z
      .record(rewardTermIdSchema, z.number().min(0).max(1))
      .refine((minimums) => Object.keys(minimums).length <= maxMinimums, `At most ${maxMinimums} terms have a minimum.`)
      .default({})
      .describe(
        'Scores that further terms must reach too, by id, e.g. {"worstTile": 0.9}: the job is done where the threshold and all of these hold for its best candidate. Where a request names no threshold, profile or minimum, strict must reach 0.895.',
      ),
    maxIterations: z.number().int().min(1).max(200).default(8).describe('Iterations including the draft.'),
    strategy: strategySchema,
    candidates: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe('Candidates an iteration. The greedy strategy with more than 1 is best-of-n in each iteration.'),
    width: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(3)
      .describe('Candidates that a round of the beam strategy starts from, each with a group of its own.'),
    minGain: z.number().min(0).max(1).default(0.001).describe('Smallest gain in overall score that is accepted.'),
    maxTextLoss: guardTolerance(
      0.02,
      'text score that a candidate may lose against what it starts from, where texts are known',
    ),
    maxTileLoss: guardTolerance(0.02, 'worst tile score that a candidate may lose against what it starts from'),
    maxLockedLoss: guardTolerance(0.005, 'score that a locked region may lose against what a candidate starts from'),
    maxBitmapShare: z
      .number()
      .min(0)
      .max(1)
      .default(1 / 16)
      .describe(
        'Guard: the largest share of its area that bitmaps may cover which the code holds, where that is known; more is an embedded bitmap. 1 turns it off.',
      ),
    patience: z
      .number()
      .int()
      .min(1)
      .max(200)
      .default(3)
      .describe(
        'Rounds without a new best before the job stops. A round is one iteration unless the strategy plans several.',
      ),
    patches: z.number().int().min(1).max(12).default(4).describe('Lowest-scoring patches in one refine prompt.'),
    rewriteBelow: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe('Below this overall score the model rewrites instead of editing.'),
    promptSet: z
      .string()
      .max(40)
      .regex(
        /^[a-z][a-z0-9-]*$/,
        'A prompt set is named by its id, e.g. "standard": small letters, digits and hyphens.',
      )
      .default('standard')
      .describe(
        'The templates of prompts. standard: for any model. vincicoder: one image and the flawed code, for models trained on that.',
      ),
    repairs: z
      .number()
      .int()
      .min(0)
      .max(20)
      .default(3)
      .describe('Repair prompts in a row for code that does not render.'),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .describe("Sampling temperature; the model's own default where absent."),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional()
      .describe('Sampling seed; candidate i of iteration n adds its own offset.'),
    maxOutputTokens: z.number().int().min(256).max(131072).default(16384).describe('Limit of one reply.'),
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof policySchema>;

/** With the threshold of 0.995 they call done what the threshold alone does, and no trick (`bench/done.ts`, `bench/tricks.ts`). */
const defaultMinimums = { strict: 0.895 };

type PolicyInput = z.input<typeof policySchema>;

const withStopRule = (policy: PolicyInput): PolicyInput => {
  const namesOwn = (['threshold', 'profile', 'minimums'] as const).some((field) => policy[field] !== undefined);
  return namesOwn ? policy : { ...policy, minimums: defaultMinimums };
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A policy as a request gives it: where it names no threshold, profile or minimum, the default minimums hold besides the threshold. */
export const requestedPolicy = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((policy: PolicyInput) => (isObject(policy) ? withStopRule(policy) : policy), schema);

/** The policy of a job whose request names none. */
export const defaultPolicy: Policy = policySchema.parse(withStopRule({}));

/** Hard limits. Each is checked before a model call, not after. Absent means no limit. */
export const budgetSchema = z
  .strictObject({
    maxTokens: z.number().int().min(1).optional().describe('Input and output tokens of all calls.'),
    maxCost: z.number().positive().optional().describe('US dollars, by the prices configured for the model.'),
    maxSeconds: z
      .number()
      .positive()
      .max(7 * 24 * 3600)
      .optional()
      .describe('Seconds of work on the job, over all workers.'),
  })
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;
