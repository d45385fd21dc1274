import { modelTurnUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet } from '@pentimento/traces/tables';
import { improvedOnlyObjection } from './improved-only.ts';
import { imageTag, taggedMessages } from './prompt-text.ts';
import { taggedTurn } from './turn-rows.ts';

/** ms-swift's SFT (swift/dataset/preprocessor/core.py, docs Custom-dataset): a conversation whose tags stand for `images` in order. */
export const swiftSft = rowExporter({
  id: 'swift-sft',
  title: 'ms-swift SFT',
  description: 'Supervised fine-tuning with ms-swift: one row a reply, with its prompt and images.',
  unit: 'candidate',
  table: () => parquet,
  columns: { messages: taggedMessages, images: list(image) },
  meta: true,
  units: (exported, { options }) =>
    modelTurnUnits(exported, (turn) => taggedTurn(exported, turn, [imageTag]), improvedOnlyObjection(options)),
});
