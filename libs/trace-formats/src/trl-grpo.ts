import { groupColumns, modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet, string } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { promptOf } from './calls.ts';
import { partsConversation, partsMessages } from './prompt-parts.ts';

/**
 * TRL's GRPOTrainer (trl/trainer/grpo_trainer.py, trl/data_utils.py): a conversation with parts, whose image parts stand for `images` in order.
 * Every column reaches the reward functions by its name, `solution` among them.
 */
export const trlGrpo = rowExporter({
  id: 'trl-grpo',
  title: 'TRL GRPO',
  description: "Prompts for TRL's GRPOTrainer: one row a prompt, with its images and the solution for the reward.",
  unit: 'group',
  table: () => parquet,
  columns: { prompt: partsMessages, images: list(image), solution: string, ...groupColumns },
  meta: false,
  units: (exported) =>
    modelGroupUnits(exported, async (group) => {
      const prompt = await promptOf(exported, group.turns[0]!);
      const { messages, images } = await partsConversation(prompt, exported.source);
      return { prompt: messages, images, solution: answerOf(exported, group.turns[0]!) };
    }),
});
