import { jobIdSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { jobContent } from './job-content.ts';
import { defineTool } from './tool.ts';

export const getTool = defineTool({
  name: 'get',
  title: 'Get a job',
  description: 'The state of a job of the tool refine, with the best code so far, its score and its render.',
  input: z.strictObject({ job: jobIdSchema.describe('Id of the job, as refine returned it.') }),
  readOnly: true,
  async run({ job }, { client, signal }) {
    return jobContent(client, await client.getJob(job, { signal }));
  },
});
