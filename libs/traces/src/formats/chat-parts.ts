import type { MessagePart } from '@pentimento/contracts';
import type { ChatMessage } from '../calls/steps.ts';
import type { TraceSource } from '../export/source.ts';
import { image, list, string, struct } from '../tables/columns.ts';
import type { Row } from '../tables/table.ts';

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
