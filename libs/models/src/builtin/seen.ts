import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { blocksOfLanguage, editMarkers, readTask, type Task } from '@pentimento/contracts';

/** What a prompt holds, as any model sees it. */
export interface Seen {
  /** All text of the messages. */
  text: string;
  /** The user's images in the order sent: image number n is at n - 1. Undefined where a part carries no bytes. */
  images: (Uint8Array | undefined)[];
  /** The task of the last user message that has one. */
  task: Task | undefined;
  /** The last whole block of the task's language in that message. */
  code: string | undefined;
}

export function readPrompt(prompt: LanguageModelV4Prompt): Seen {
  const users = prompt.filter((message) => message.role === 'user');
  const texts = users.map(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
  );
  const images = users.flatMap(({ content }) => content.filter((part) => part.type === 'file').map(bytesOf));
  const asking = texts.findLast((text) => readTask(text) !== undefined);
  const task = asking === undefined ? undefined : readTask(asking);
  return { text: prompt.map(textOf).join('\n'), images, task, code: task && currentCode(asking!, task) };
}

function textOf({ content }: LanguageModelV4Prompt[number]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** A block that shows how an edit is written is not the code. */
function currentCode(text: string, task: Task): string | undefined {
  return blocksOfLanguage(text, task.language).findLast((block) => !block.includes(editMarkers.search));
}

function bytesOf({ data }: LanguageModelV4FilePart): Uint8Array | undefined {
  if (data.type !== 'data') return undefined;
  return typeof data.data === 'string' ? Buffer.from(data.data, 'base64') : data.data;
}
