import { modelTurnUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet } from '@pentimento/traces/tables';
import { improvedOnlyObjection } from './improved-only.ts';
import { taggedMessages } from './prompt-text.ts';
import { taggedTurn } from './turn-rows.ts';

/**
 * verl's SFT trainer (verl/utils/dataset/multiturn_sft_dataset.py, MultiTurnSFTDataset): the loss is on the assistant's message. Texts of
 * every message are split at the tags.
 */
export const verlSft = rowExporter({
  id: 'verl-sft',
  title: 'verl SFT',
  description: 'Supervised fine-tuning with verl: one row a reply, with its prompt and images.',
  unit: 'candidate',
  table: () => parquet,
  columns: { messages: taggedMessages, images: list(image) },
  meta: true,
  units: (exported, { options }) =>
    modelTurnUnits(
      exported,
      (turn) => taggedTurn(exported, turn, ['<image>', '<video>']),
      improvedOnlyObjection(options),
    ),
});
