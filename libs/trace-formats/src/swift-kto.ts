import { isHeldBack } from '@pentimento/contracts';
import { modelTurnUnits, rowExporter } from '@pentimento/traces';
import { bool, image, list, parquet } from '@pentimento/traces/tables';
import { imageTag, taggedMessages } from './prompt-text.ts';
import { taggedTurn } from './turn-rows.ts';

/** ms-swift's KTO (docs Custom-dataset): a conversation with the label of its last message, good from the threshold on. */
export const swiftKto = rowExporter({
  id: 'swift-kto',
  title: 'ms-swift KTO',
  description: 'Labeled replies for KTO with ms-swift: one row a reply, good where its score reaches the threshold.',
  unit: 'candidate',
  table: () => parquet,
  columns: { messages: taggedMessages, label: bool, images: list(image) },
  meta: true,
  units: (exported, { options }) =>
    modelTurnUnits(exported, async (turn) => ({
      ...(await taggedTurn(exported, turn, [imageTag])),
      label: !isHeldBack(turn.verdict) && turn.score >= options.threshold,
    })),
});
