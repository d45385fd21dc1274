import type { MessagePart, Prompt } from '@pentimento/contracts';
import { type ExportImage, TraceError, type TraceSource } from '@pentimento/traces';
import { list, string, struct } from '@pentimento/traces/tables';

/** What a place of an image is in a text. A loader makes an image of each, in order. */
export const imageTag = '<image>';
/** Tags that some loaders take for other media in the same way. */
export const mediaTags = [imageTag, '<video>', '<audio>'] as const;

/** A text with an image tag for each image, and the images in the same order. */
export interface TaggedText {
  text: string;
  images: ExportImage[];
}

/** A message whose text holds an image tag for each image. */
export interface TaggedMessage {
  role: string;
  content: string;
}

/** The column type of a conversation of tagged messages. */
export const taggedMessages = list(struct({ role: string, content: string }));

/** The whole prompt, instructions first, as one text for loaders that split it at image tags. */
export async function taggedPrompt(prompt: Prompt, source: TraceSource): Promise<TaggedText> {
  const parts = prompt.messages.flatMap(({ content }) => content);
  const { text, images } = await taggedParts(parts, source);
  return { text: `${withoutTags(prompt.instructions)}\n\n${text}`, images };
}

/** The prompt as a conversation, the instructions as its system message, for loaders that split texts at the tags. */
export async function taggedConversation(
  { instructions, messages }: Prompt,
  source: TraceSource,
  tags: readonly string[],
): Promise<{ messages: TaggedMessage[]; images: ExportImage[] }> {
  const conversation: TaggedMessage[] = [];
  const images: ExportImage[] = [];
  if (instructions) conversation.push({ role: 'system', content: withoutTags(instructions, tags) });
  for (const { role, content } of messages) {
    const tagged = await taggedParts(content, source, tags);
    conversation.push({ role, content: tagged.text });
    images.push(...tagged.images);
  }
  return { messages: conversation, images };
}

/** Message parts as one text. Throws a TraceError where a text holds a tag itself: the loader would take it for an image. */
async function taggedParts(
  parts: readonly MessagePart[],
  source: TraceSource,
  tags: readonly string[] = [imageTag],
): Promise<TaggedText> {
  const images: ExportImage[] = [];
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type === 'image') images.push(await source.image(part.image));
    texts.push(part.type === 'image' ? imageTag : withoutTags(part.text, tags));
  }
  return { text: texts.join('\n'), images };
}

/** The text, which must not hold one of the tags. */
export function withoutTags(text: string, tags: readonly string[] = [imageTag]): string {
  const found = tags.find((tag) => text.includes(tag));
  if (found === undefined) return text;
  throw new TraceError('image_tag_in_text', `A text holds "${found}", which its loader takes for media.`);
}
