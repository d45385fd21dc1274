import type { ExportedTrace, ExportImage, ModelTurn } from '@pentimento/traces';
import { promptOf, replyOf } from './calls.ts';
import { partsConversation, textMessage, type PartsMessage } from './prompt-parts.ts';
import { taggedConversation, withoutTags, type TaggedMessage } from './prompt-text.ts';

/** The prompt of a turn and its reply as one conversation with tags. */
export async function taggedTurn(
  exported: ExportedTrace,
  turn: ModelTurn,
  tags: readonly string[],
): Promise<{ messages: TaggedMessage[]; images: ExportImage[] }> {
  const { messages, images } = await taggedConversation(await promptOf(exported, turn), exported.source, tags);
  const reply = withoutTags(await replyOf(exported, turn), tags);
  return { messages: [...messages, { role: 'assistant', content: reply }], images };
}

/** The prompt of a turn and its reply as two conversations with parts. */
export async function partsTurn(
  exported: ExportedTrace,
  turn: ModelTurn,
): Promise<{ prompt: PartsMessage[]; completion: PartsMessage[]; images: ExportImage[] }> {
  const { messages, images } = await partsConversation(await promptOf(exported, turn), exported.source);
  return { prompt: messages, completion: [textMessage('assistant', await replyOf(exported, turn))], images };
}
