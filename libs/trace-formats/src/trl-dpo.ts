import { modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet } from '@pentimento/traces/tables';
import { promptOf } from './calls.ts';
import { pairColumns, pairOf } from './preference-pair.ts';
import { partsConversation, partsMessages, textMessage } from './prompt-parts.ts';

/**
 * TRL's DPOTrainer (trl/trainer/dpo_trainer.py, DataCollatorForVisionPreference): two replies to one prompt. Images are in the prompt
 * only; `images` has each once.
 */
export const trlDpo = rowExporter({
  id: 'trl-dpo',
  title: 'TRL DPO',
  description: "Preferences for TRL's DPOTrainer: one row a group, its best reply against its worst.",
  unit: 'group',
  table: () => parquet,
  columns: {
    prompt: partsMessages,
    chosen: partsMessages,
    rejected: partsMessages,
    images: list(image),
    ...pairColumns,
  },
  meta: false,
  units: (exported, { options }) =>
    modelGroupUnits(exported, async (group) => {
      const { chosen, rejected, meta } = await pairOf(exported, group, options);
      const prompt = await promptOf(exported, group.turns[0]!);
      const { messages, images } = await partsConversation(prompt, exported.source);
      return {
        prompt: messages,
        chosen: [textMessage('assistant', chosen)],
        rejected: [textMessage('assistant', rejected)],
        images,
        ...meta,
      };
    }),
});
