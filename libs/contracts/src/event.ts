import { z } from 'zod';
import { candidateIdSchema, interventionIdSchema, jobIdSchema, scoreSchema, timestampSchema } from './primitives.ts';
import { acceptedSchema, iterationKindSchema, replyParseStatusSchema, verdictSchema } from './candidate.ts';
import { interventionKindSchema } from './intervention.ts';
import { jobStatusSchema, outcomeSchema, stopReasonSchema } from './status.ts';
import { renderFailureKindSchema } from './render.ts';

export const stages = ['model', 'render', 'reward'] as const;
export const stageSchema = z.enum(stages).meta({ id: 'Stage' });
export type Stage = z.infer<typeof stageSchema>;

const iteration = z.number().int().min(0);
const intervention = z.strictObject({ id: interventionIdSchema, kind: interventionKindSchema });
const stageTimes = z.strictObject({
  model: z.number().min(0).nullable(),
  render: z.number().min(0).nullable(),
  reward: z.number().min(0).nullable(),
});

/** What each type of event says. No image bytes, no code: ids and figures only. */
export const eventDataSchemas = {
  'job.queued': z.strictObject({ reason: z.enum(['created', 'retried', 'recovered', 'continued', 'edited']) }),
  'job.started': z.strictObject({
    worker: z.string(),
    fromIteration: iteration.describe('First iteration still to do.'),
  }),
  'job.waiting': z.strictObject({ iteration: iteration.describe('The one whose prompt the caller is to answer.') }),
  'iteration.started': z.strictObject({ iteration, kind: iterationKindSchema, candidates: z.number().int().min(1) }),
  'candidate.stage': z.strictObject({ iteration, candidate: z.number().int().min(0), stage: stageSchema }),
  'call.retried': z.strictObject({
    iteration,
    candidate: z.number().int().min(0),
    reason: z.string(),
    waitMs: z.number().min(0),
  }),
  'candidate.finished': z.strictObject({
    iteration,
    candidate: z.number().int().min(0),
    id: candidateIdSchema,
    parseStatus: replyParseStatusSchema,
    overall: scoreSchema,
    failure: renderFailureKindSchema.nullable(),
    ms: stageTimes,
  }),
  'iteration.finished': z.strictObject({
    iteration,
    kind: iterationKindSchema,
    verdicts: z.array(verdictSchema),
    accepted: acceptedSchema,
    score: scoreSchema.nullable().describe("Best overall score among this iteration's rendered candidates."),
    best: scoreSchema.nullable().describe('Best overall score of the job so far.'),
    change: z.number().min(-1).max(1).nullable().describe('Of the best, against the iteration before.'),
    worstPatch: z
      .strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), score: scoreSchema })
      .nullable(),
    ms: stageTimes.describe('Sums over the candidates.'),
  }),
  'intervention.created': intervention,
  'intervention.withdrawn': intervention,
  'job.canceling': z.strictObject({}),
  'job.finished': z.strictObject({
    status: jobStatusSchema,
    outcome: outcomeSchema.nullable(),
    stopReason: stopReasonSchema,
    detail: z.string(),
    best: scoreSchema.nullable(),
  }),
} as const;

export type EventType = keyof typeof eventDataSchemas;
export const eventTypes = Object.keys(eventDataSchemas) as EventType[];

export type EventData<T extends EventType> = z.infer<(typeof eventDataSchemas)[T]>;
/** An event before it has a place in the job's sequence. */
export type NewEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** An event as stored and streamed. `seq` counts from 1 within the job without a gap. */
export const jobEventSchema = z
  .strictObject({
    seq: z.number().int().min(1),
    jobId: jobIdSchema,
    type: z.enum(eventTypes as [EventType, ...EventType[]]),
    data: z.record(z.string(), z.unknown()),
    at: timestampSchema,
  })
  .meta({ id: 'JobEvent' });
export type JobEvent = NewEvent & { seq: number; jobId: string; at: string };

/** Parses an event strictly by its type. Throws a ZodError on anything else. */
export function parseEvent(value: unknown): JobEvent {
  const event = jobEventSchema.parse(value);
  return { ...event, data: eventDataSchemas[event.type].parse(event.data) } as JobEvent;
}
