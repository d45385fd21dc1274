import type { BlobId } from '@pentimento/contracts';
import { groupColumns, groupMetaOf, modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, int, list, parquet, string, struct } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { promptOf } from './calls.ts';
import { mediaTags, taggedConversation, taggedMessages } from './prompt-text.ts';

/**
 * verl (verl/utils/dataset/rl_dataset.py, RLHFDataset): `prompt` is a conversation whose tags stand for `images` in order. Everything else
 * is inside `extra_info`, which reaches the reward: a column of its own would collide with a term of the reward that has the same name.
 * The agent loop is left to verl's configuration.
 */
export const verlRl = rowExporter({
  id: 'verl-rl',
  title: 'verl RL',
  description:
    'Prompts for reinforcement learning with verl: one row a prompt, with its images and the answer for the reward.',
  unit: 'group',
  table: () => parquet,
  columns: {
    data_source: string,
    prompt: taggedMessages,
    images: list(image),
    ability: string,
    reward_model: struct({ style: string, ground_truth: string }),
    extra_info: struct({ split: string, index: int, ...groupColumns }),
  },
  meta: false,
  units: (exported) =>
    modelGroupUnits(exported, async (group) => {
      const [first] = group.turns;
      const { messages, images } = await taggedConversation(
        await promptOf(exported, first!),
        exported.source,
        mediaTags,
      );
      return {
        data_source: `pentimento/${exported.trace.job.language}`,
        prompt: messages,
        images,
        ability: 'image_to_code',
        reward_model: { style: 'rule', ground_truth: answerOf(exported, group.turns[0]!) },
        extra_info: {
          split: exported.split,
          index: indexOf(first!.candidate.call.prompt),
          ...groupMetaOf(exported, group),
        },
      };
    }),
});

/** A number that tells prompts apart, as verl counts rollouts by it: the first 48 bits of the prompt's SHA-256. */
const indexOf = (prompt: BlobId): number => Number.parseInt(prompt.slice(0, 12), 16);
