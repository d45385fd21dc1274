import { renderSubmissionSchema } from '@pentimento/api-contracts';
import { z } from 'zod';
import { languageHint } from '../input/languages.ts';
import { defineTool, png, text } from './tool.ts';

const { language, ...fields } = renderSubmissionSchema.shape;

export const renderTool = defineTool({
  name: 'render',
  title: 'Render code',
  description: 'Renders code in a sandbox, without network, and returns the image, or why there is none.',
  input: z.strictObject({ language: language.describe(`Of the code: ${languageHint}.`), ...fields }),
  readOnly: true,
  async run(submission, { client, signal }) {
    const answer = await client.createRender(submission, { signal });
    if (answer.status === 'failed') {
      return { content: [text(`The code renders nothing (${answer.kind}): ${answer.message}`)], isError: true };
    }
    const { width, height, renderer, log, image } = answer;
    const summary = [`${width} x ${height} pixels by ${renderer}`, log].filter(Boolean).join('\n');
    return { content: [text(summary), png(image)] };
  },
});
