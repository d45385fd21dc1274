import { groupColumns, modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet, string } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { promptOf } from './calls.ts';
import { imageTag, taggedConversation, taggedMessages } from './prompt-text.ts';

/**
 * ms-swift's GRPO (swift/dataset/preprocessor/core.py, docs Custom-dataset): a conversation that ends on the user, whose tags stand for `images`
 * in order. The reward reads `solution`: ms-swift takes a column `answer` for an assistant's turn.
 */
export const swiftGrpo = rowExporter({
  id: 'swift-grpo',
  title: 'ms-swift GRPO',
  description: 'Prompts for GRPO with ms-swift: one row a prompt, with its images and the solution for the reward.',
  unit: 'group',
  table: () => parquet,
  columns: { messages: taggedMessages, images: list(image), solution: string, ...groupColumns },
  meta: false,
  units: (exported) =>
    modelGroupUnits(exported, async (group) => {
      const prompt = await promptOf(exported, group.turns[0]!);
      const conversation = await taggedConversation(prompt, exported.source, [imageTag]);
      return { ...conversation, solution: answerOf(exported, group.turns[0]!) };
    }),
});
