import { groupColumns, modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet, string } from '@pentimento/traces/tables';
import { answerOf } from './answer.ts';
import { promptOf } from './calls.ts';
import { taggedPrompt } from './prompt-text.ts';

/**
 * EasyR1 and the VinciCoder fork of it (verl/utils/dataset.py, RLHFDataset): one user message a row, whose image tags stand for `images` in order,
 * and `answer`, which the reward gets as `ground_truth`. The target is the first image: VinciCoder's reward takes it as the reference.
 */
export const easyr1 = rowExporter({
  id: 'easyr1',
  title: 'EasyR1, VinciCoder RL',
  description: 'Prompts for reinforcement learning with EasyR1 or VinciCoder: one row a prompt, with its images.',
  unit: 'group',
  table: () => parquet,
  columns: { problem: string, answer: string, images: list(image), ...groupColumns },
  meta: false,
  units: (exported) =>
    modelGroupUnits(exported, async (group) => {
      const { text, images } = await taggedPrompt(await promptOf(exported, group.turns[0]!), exported.source);
      return { problem: text, answer: answerOf(exported, group.turns[0]!), images };
    }),
});
