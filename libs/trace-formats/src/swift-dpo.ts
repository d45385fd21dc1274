import { modelGroupUnits, rowExporter } from '@pentimento/traces';
import { image, list, parquet, string } from '@pentimento/traces/tables';
import { promptOf } from './calls.ts';
import { pairColumns, pairOf } from './preference-pair.ts';
import { imageTag, taggedConversation, taggedMessages, withoutTags } from './prompt-text.ts';

/**
 * ms-swift's DPO (docs Custom-dataset): `messages` end on the chosen reply, and the rejected one is a text. A row whose two are equal
 * would be lost without a word (swift/dataset/preprocessor/core.py, `_check_rejected_response`); there is none.
 */
export const swiftDpo = rowExporter({
  id: 'swift-dpo',
  title: 'ms-swift DPO',
  description: 'Preferences for DPO with ms-swift: one row a group, its best reply against its worst.',
  unit: 'group',
  table: () => parquet,
  columns: { messages: taggedMessages, rejected_response: string, images: list(image), ...pairColumns },
  meta: false,
  units: (exported, { options }) =>
    modelGroupUnits(exported, async (group) => {
      const { chosen, rejected, meta } = await pairOf(exported, group, options);
      const prompt = await promptOf(exported, group.turns[0]!);
      const { messages, images } = await taggedConversation(prompt, exported.source, [imageTag]);
      return {
        messages: [...messages, { role: 'assistant', content: withoutTags(chosen) }],
        rejected_response: withoutTags(rejected),
        images,
        ...meta,
      };
    }),
});
