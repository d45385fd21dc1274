import type { ChatMessage } from '@pentimento/api-contracts';
import type { BlobId, MessagePart, Prompt } from '@pentimento/contracts';

/** A prompt in the form of OpenAI's chat completions: the instructions are the first message. */
export async function chatMessages(
  { instructions, messages }: Prompt,
  urlOf: (image: BlobId, mediaType: string) => Promise<string>,
): Promise<ChatMessage[]> {
  const chatPart = async (part: MessagePart) =>
    part.type === 'text'
      ? part
      : { type: 'image_url' as const, image_url: { url: await urlOf(part.image, part.mediaType) } };
  const chat = messages.map(async ({ role, content }) => ({ role, content: await Promise.all(content.map(chatPart)) }));
  return [{ role: 'system', content: instructions }, ...(await Promise.all(chat))];
}
