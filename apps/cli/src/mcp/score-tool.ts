import { rewardItemSchema, type RewardResult } from '@pentimento/api-contracts';
import type { Client } from '@pentimento/client';
import { z } from 'zod';
import { languageHint } from '../input/languages.ts';
import { formatScore } from '../output/progress-formatter.ts';
import { imageSchema, readNamedImage } from './images.ts';
import { defineTool, text } from './tool.ts';

const { code, language, deviceScale } = rewardItemSchema.shape;

export const scoreTool = defineTool({
  name: 'score',
  title: 'Score code or a render against an image',
  description:
    'Says how alike the target and a render are: the overall score, 0 to 1, and terms that name what differs (color, text, position, worst tile). Give code, which is rendered first, or an image.',
  input: z
    .strictObject({
      target: imageSchema,
      code,
      image: imageSchema.optional().describe('The render, in place of code: a path or a data URL.'),
      language: language.describe(`Of the code: ${languageHint}.`),
      deviceScale,
    })
    .refine((input) => (input.code === undefined) !== (input.image === undefined), 'Give code or image.'),
  readOnly: true,
  async run({ target, image, ...item }, { client, signal }) {
    const reference = { data: await base64(target) };
    const render = image === undefined ? {} : { image: await base64(image) };
    const request = { items: [{ id: 'score', ...item, ...render, reference }] };
    const { results } = await client.scoreRewards(request, { signal });
    const result = results[0]!;
    return { content: [text(await describe(result, client))], isError: result.status !== 'ok' };
  },
});

const base64 = async (image: string): Promise<string> =>
  Buffer.from((await readNamedImage(image)).content).toString('base64');

async function describe({ status, error, components }: RewardResult, client: Client): Promise<string> {
  if (status !== 'ok') return `There is no score (${status.replaceAll('_', ' ')}): ${error?.message ?? ''}`;
  const terms = await client.listRewardTerms();
  const lines = terms.flatMap(({ id, label }) => {
    const value = components[id];
    return value === null || value === undefined ? [] : [`${label}: ${formatScore(value)}`];
  });
  return lines.join('\n');
}
