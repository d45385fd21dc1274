import { z } from 'zod';

/** What another iteration is expected to bring, by the job's own gains and by those of past jobs of its model and language. */
export const forecastSchema = z
  .strictObject({
    gain: z.number().min(0).max(1).describe('Expected rise of the best overall score.'),
    low: z.number().min(0).max(1).nullable().describe('A tenth of the gains were at most this; null for too few.'),
    high: z.number().min(0).max(1).nullable().describe('A tenth of the gains were at least this; null for too few.'),
    jobs: z.number().int().min(0).describe('Past jobs that it rests on.'),
    own: z.number().int().min(0).describe("Gains of the job's own that it rests on."),
  })
  .meta({ id: 'Forecast' });
export type Forecast = z.infer<typeof forecastSchema>;

export const forecastAnswerSchema = z
  .strictObject({ forecast: forecastSchema.nullable().describe('Null: nothing is known yet.') })
  .meta({ id: 'ForecastAnswer' });
