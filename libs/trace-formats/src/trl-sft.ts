import { modelTurnUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet } from '@pentimento/traces/tables';
import { improvedOnlyObjection } from './improved-only.ts';
import { partsMessages } from './prompt-parts.ts';
import { partsTurn } from './turn-rows.ts';

/**
 * TRL's SFTTrainer (trl/trainer/sft_trainer.py, DataCollatorForVisionLanguageModeling): prompt and completion apart, so that the loss is on the
 * completion alone.
 */
export const trlSft = rowExporter({
  id: 'trl-sft',
  title: 'TRL SFT',
  description: "Supervised fine-tuning with TRL's SFTTrainer: one row a reply, with its prompt and images.",
  unit: 'candidate',
  table: () => parquet,
  columns: { prompt: partsMessages, completion: partsMessages, images: list(image) },
  meta: true,
  units: (exported, { options }) =>
    modelTurnUnits(exported, (turn) => partsTurn(exported, turn), improvedOnlyObjection(options)),
});
