import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { blocksOfLanguage, editMarkers, readTask, type Task } from '@pentimento/contracts';
import type { FencedLanguage } from './fenced-language.ts';

/** What a prompt holds, as any model sees it. */
export interface ParsedPrompt {
  /** All text of the messages. */
  text: string;
  /** The user's images in the order sent: image number n is at n - 1. Undefined where a part carries no bytes. */
  images: (Uint8Array | undefined)[];
  /** The task of the last user message that has one. */
  task: Task | undefined;
  /** The task's language; undefined where it is not known. */
  language: FencedLanguage | undefined;
  /** The last whole block of that language in that message. */
  code: string | undefined;
}

export function readPrompt(prompt: LanguageModelV4Prompt, languages: readonly FencedLanguage[]): ParsedPrompt {
  const users = prompt.filter((message) => message.role === 'user');
  const texts = users.map(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
  );
  const images = users.flatMap(({ content }) => content.filter((part) => part.type === 'file').map(bytesOf));
  const asking = texts.findLast((text) => readTask(text) !== undefined);
  const task = asking === undefined ? undefined : readTask(asking);
  const language = languages.find(({ id }) => id === task?.language);
  const code = language && currentCode(asking!, language);
  return { text: prompt.map(textOf).join('\n'), images, task, language, code };
}

function textOf({ content }: LanguageModelV4Prompt[number]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** A block that shows how an edit is written is not the code. */
function currentCode(text: string, { fenceNames }: FencedLanguage): string | undefined {
  return blocksOfLanguage(text, fenceNames).findLast((block) => !block.includes(editMarkers.search));
}

function bytesOf({ data }: LanguageModelV4FilePart): Uint8Array | undefined {
  if (data.type !== 'data') return undefined;
  return typeof data.data === 'string' ? Buffer.from(data.data, 'base64') : data.data;
}
