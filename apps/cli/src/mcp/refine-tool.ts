import { createJobSchema, type Job } from '@pentimento/contracts';
import type { Client } from '@pentimento/client';
import { z } from 'zod';
import { languageHint } from '../input/languages.ts';
import { ProgressFormatter } from '../output/progress-formatter.ts';
import { imageSchema, readNamedImage } from './images.ts';
import { jobContent } from './job-content.ts';
import { defineTool, type ToolCall } from './tool.ts';

const { language, ...fields } = createJobSchema.omit({ target: true, policyVersion: true }).shape;

export const refineTool = defineTool({
  name: 'refine',
  title: 'Refine code until it renders an image',
  description:
    'Writes the code that draws an image: a model drafts it, the code is rendered and scored against the image, and the model is shown the worst regions, until the score meets the threshold. Returns the best code, its score and its render. Pass your own code to start from it. It takes minutes; canceling the call cancels the job.',
  input: z.strictObject({
    image: imageSchema,
    language: language.describe(`Of the code: ${languageHint}.`),
    ...fields,
    waitSeconds: z
      .number()
      .positive()
      .max(86_400)
      .optional()
      .describe(
        'Returns after this time though the job goes on; the tool get has its result. Default: waits for the end.',
      ),
  }),
  readOnly: false,
  async run({ image, waitSeconds, ...request }, call) {
    const { client, signal } = call;
    const job = await client.createJob(request, await readNamedImage(image), { signal });
    const wait =
      waitSeconds === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000)]);
    await follow(job, wait, call);
    if (signal.aborted) await client.cancelJob(job.id);
    signal.throwIfAborted();
    return jobContent(client, await client.getJob(job.id));
  },
});

/** Reports each iteration until the job has ended or the signal aborts. */
async function follow(job: Job, signal: AbortSignal, { client, report }: ToolCall): Promise<void> {
  const total = job.policy.maxIterations;
  const formatter = new ProgressFormatter(false);
  let done = 0;
  report({ done, total, message: `job ${job.id}: ${client.url}${job.links.web}` });
  for await (const event of events(client, job, signal)) {
    const message = formatter.format(event);
    if (event.type === 'iteration.finished') done = event.data.iteration + 1;
    if (message !== undefined) report({ done, total, message });
  }
}

async function* events(client: Client, { id }: Job, signal: AbortSignal): ReturnType<Client['tailEvents']> {
  try {
    yield* client.tailEvents(id, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
