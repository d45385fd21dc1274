import type { MessagePart } from '@pentimento/contracts';
import type { ChatMessage, TraceSource } from '@pentimento/traces';
import { image, list, type Row, string, struct } from '@pentimento/traces/tables';

/** Parts of a message, each with the key of its type alone: `{type, text}` or `{type, image}`. */
export const contentColumn = list(struct({ type: string, text: string, image }));
export const chatColumn = list(struct({ role: string, content: contentColumn }));

/** The values of `chatColumn`. */
export const chatOf = (messages: readonly ChatMessage[], source: TraceSource): Promise<Row[]> =>
  Promise.all(messages.map(async ({ role, content }) => ({ role, content: await partsOf(content, source) })));

export const partsOf = (parts: readonly MessagePart[], source: TraceSource): Promise<Row[]> =>
  Promise.all(
    parts.map(async (part) =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image', image: await source.image(part.image) },
    ),
  );
