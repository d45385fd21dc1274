import type { MessagePart, Prompt } from '@pentimento/contracts';
import type { ExportImage, TraceSource } from '@pentimento/traces';
import { list, string, struct } from '@pentimento/traces/tables';

/** A part of a message as TRL reads it: the images themselves are a column of their own, in the order of the parts. */
type ContentPart = { type: 'image' } | { type: 'text'; text: string };

export interface PartsMessage {
  role: string;
  content: ContentPart[];
}

/** The column type of a conversation whose messages have parts. */
export const partsMessages = list(struct({ role: string, content: list(struct({ type: string, text: string })) }));

/** The prompt as a conversation with parts, the instructions as its system message. */
export async function partsConversation(
  { instructions, messages }: Prompt,
  source: TraceSource,
): Promise<{ messages: PartsMessage[]; images: ExportImage[] }> {
  const conversation = messages.map(({ role, content }) => ({ role, content: content.map(partOf) }));
  const images: ExportImage[] = [];
  for (const part of messages.flatMap(({ content }) => content))
    if (part.type === 'image') images.push(await source.image(part.image));
  return { messages: instructions ? [textMessage('system', instructions), ...conversation] : conversation, images };
}

export const textMessage = (role: string, text: string): PartsMessage => ({ role, content: [{ type: 'text', text }] });

const partOf = (part: MessagePart): ContentPart =>
  part.type === 'image' ? { type: 'image' } : { type: 'text', text: part.text };
