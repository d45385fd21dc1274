import { blocksOfLanguage } from '@pentimento/contracts';
import { type ChatRequestMessage, type ChatRequestPart } from '../protocols/chat-completion.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { bytesOfDataUrl } from './data-url.ts';

/** What a conversation asks for. */
export interface Conversation {
  image: Buffer;
  /** What the system and the user say, in order. */
  instructions: string;
  /** What the user says last. */
  newest: string;
  /** What the assistant said last about the image: code in it is what the user wants changed. Empty where a newer image came. */
  reply: string;
}

interface SentImage {
  url: string;
  pointer: string;
}

/**
 * Reads the messages of a request. The target is the image of the newest message with images; `choice` says which of several, from 1.
 *
 * @throws ProblemException where the last message is not the user's, there is no image, or it is not clear which one counts
 */
export function readConversation(messages: readonly ChatRequestMessage[], choice: number | undefined): Conversation {
  const last = messages.at(-1)!;
  if (last.role !== 'user')
    throw fieldProblem('invalid-request', `/messages/${messages.length - 1}`, 'The last message must be of the user.');
  const withImages = messages.findLastIndex((message) => message.role === 'user' && imageParts(message).length > 0);
  if (withImages < 0) {
    const detail = 'There is no image to reproduce: add a part {"type": "image_url"} with a data URL to the message.';
    throw fieldProblem('invalid-request', '/messages', detail);
  }
  const { url, pointer } = chosenImage(messages[withImages]!, withImages, choice);
  const replies = messages.slice(withImages).filter(({ role }) => role === 'assistant');
  const asked = messages.filter(({ role }) => role !== 'assistant');
  return {
    image: bytesOfDataUrl(url, pointer),
    instructions: asked.map(textOf).filter(Boolean).join('\n\n'),
    newest: textOf(last),
    reply: replies.map(textOf).findLast((text) => text.includes('```')) ?? '',
  };
}

/** The last block of code of the language in a reply; undefined where it has none. */
export const codeOf = (reply: string, fenceNames: readonly string[]): string | undefined =>
  blocksOfLanguage(reply, fenceNames).findLast((code) => code.trim() !== '');

function textOf({ content }: ChatRequestMessage): string {
  if (content === undefined || typeof content === 'string') return (content ?? '').trim();
  const texts = content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
  return texts.join('\n').trim();
}

function imageParts({ content }: ChatRequestMessage): [ChatRequestPart, number][] {
  const parts = typeof content === 'string' || content === undefined ? [] : content;
  return parts.flatMap((part, index) => (part.type === 'text' ? [] : [[part, index]]));
}

function chosenImage(message: ChatRequestMessage, index: number, choice: number | undefined): SentImage {
  const images = imageParts(message).map(([part, at]) => imageOf(part, `/messages/${index}/content/${at}`));
  if (choice === undefined && new Set(images.map(({ url }) => url)).size > 1) {
    const detail = `The message has ${images.length} images: send the target alone, or say which it is as pentimento.image, from 1.`;
    throw fieldProblem('invalid-request', `/messages/${index}`, detail);
  }
  const image = images[(choice ?? 1) - 1];
  if (image) return image;
  const detail = `The newest message with images has ${images.length}: name one of them, from 1, or leave image out.`;
  throw fieldProblem('invalid-request', '/pentimento/image', detail);
}

function imageOf({ type, image_url: image }: ChatRequestPart, pointer: string): SentImage {
  if (type === 'image_url' && image !== undefined)
    return { url: typeof image === 'string' ? image : image.url, pointer };
  const detail = `A part of the type "${type}" cannot be read: send text, and the image as {"type": "image_url", "image_url": {"url": "data:image/png;base64,..."}}.`;
  throw fieldProblem('invalid-request', pointer, detail);
}
