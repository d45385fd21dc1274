import { createHash } from 'node:crypto';
import type { LanguageModelV4FilePart, LanguageModelV4Prompt, LanguageModelV4TextPart } from '@ai-sdk/provider';
import type { BlobId, MessagePart, Prompt } from '@pentimento/contracts';

/** The prompt as the language model takes it: instructions as the system message, images as file parts with their bytes. */
export async function toModelPrompt(
  prompt: Prompt,
  blob: (id: BlobId) => Promise<Uint8Array>,
): Promise<LanguageModelV4Prompt> {
  const toPart = async (part: MessagePart): Promise<LanguageModelV4TextPart | LanguageModelV4FilePart> =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'file', mediaType: part.mediaType, data: { type: 'data', data: await blob(part.image) } };
  const messages = await Promise.all(
    prompt.messages.map(async ({ role, content }) => ({ role, content: await Promise.all(content.map(toPart)) })),
  );
  return prompt.instructions ? [{ role: 'system', content: prompt.instructions }, ...messages] : messages;
}

/**
 * Fingerprint of what a prompt says (hex SHA-256 over its texts and its images' hashes). A prompt has the same one as it
 * is stored, with blob ids, and as a model sees it, with bytes.
 */
export function promptDigest(prompt: Prompt): string {
  const system = prompt.instructions ? [['system', prompt.instructions]] : [];
  const messages = prompt.messages.map(({ role, content }) => [
    role,
    content.map((part) => (part.type === 'text' ? { text: part.text } : { image: part.image })),
  ]);
  return sha256(JSON.stringify([...system, ...messages]));
}

/** The same fingerprint, of a prompt as a model sees it. */
export function modelPromptDigest(prompt: LanguageModelV4Prompt): string {
  const messages = prompt.map(({ role, content }) => [role, typeof content === 'string' ? content : content.map(seen)]);
  return sha256(JSON.stringify(messages));
}

function seen(part: { type: string; text?: string; data?: unknown }): { text: string } | { image: string } {
  if (part.type === 'text') return { text: part.text ?? '' };
  const { data } = part.data as { data: Uint8Array };
  return { image: sha256(data) };
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
