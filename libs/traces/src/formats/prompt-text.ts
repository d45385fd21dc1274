import type { MessagePart, Prompt } from '@pentimento/contracts';
import { TraceError } from '../export/drops.ts';
import type { TraceSource } from '../export/source.ts';
import type { ExportImage } from '../images/export-image.ts';

/** What a place of an image is in a text. A loader makes an image of each, in order. */
export const imageTag = '<image>';

/** A text with an image tag for each image, and the images in the same order. */
export interface TaggedText {
  text: string;
  images: ExportImage[];
}

/** The whole prompt, instructions first, as one text for loaders that split it at image tags. */
export async function taggedPrompt(prompt: Prompt, source: TraceSource): Promise<TaggedText> {
  const parts = prompt.messages.flatMap(({ content }) => content);
  const { text, images } = await taggedParts(parts, source);
  return { text: `${withoutTag(prompt.instructions)}\n\n${text}`, images };
}

/** Message parts as one text. Throws a TraceError where a text holds the tag itself: the loader would take it for an image. */
export async function taggedParts(parts: readonly MessagePart[], source: TraceSource): Promise<TaggedText> {
  const images: ExportImage[] = [];
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type === 'image') images.push(await source.image(part.image));
    texts.push(part.type === 'image' ? imageTag : withoutTag(part.text));
  }
  return { text: texts.join('\n'), images };
}

/** The text, which must not hold the tag. */
export function withoutTag(text: string): string {
  if (!text.includes(imageTag)) return text;
  throw new TraceError('image_tag_in_text', `A text holds "${imageTag}", which its loader takes for an image.`);
}
