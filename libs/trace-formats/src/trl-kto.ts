import { isHeldBack } from '@pentimento/contracts';
import { modelTurnUnits, rowExporter } from '@pentimento/traces';
import { bool, image, list, parquet } from '@pentimento/traces/tables';
import { partsMessages } from './prompt-parts.ts';
import { partsTurn } from './turn-rows.ts';

/** TRL's KTOTrainer (trl/trainer/kto_trainer.py, DataCollatorForVisionUnpairedPreference): a reply is good from the threshold on. */
export const trlKto = rowExporter({
  id: 'trl-kto',
  title: 'TRL KTO',
  description: "Labeled replies for TRL's KTOTrainer: one row a reply, good where its score reaches the threshold.",
  unit: 'candidate',
  table: () => parquet,
  columns: { prompt: partsMessages, completion: partsMessages, label: bool, images: list(image) },
  meta: true,
  units: (exported, { options }) =>
    modelTurnUnits(exported, async (turn) => ({
      ...(await partsTurn(exported, turn)),
      label: !isHeldBack(turn.verdict) && turn.score >= options.threshold,
    })),
});
