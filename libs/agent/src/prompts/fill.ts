import type { MessagePart } from '@pentimento/contracts';
import type { Slots } from './templates/index.ts';

const slot = /\{\{(\w+)\}\}/g;

/**
 * The template's paragraphs with their slots filled. A paragraph is left out where all of its slots are empty; one without slots stays.
 * What fills a slot is not searched for slots. Throws where the template has a slot of another name.
 */
export function fillText(template: string, slots: Slots, separator = '\n\n'): string {
  return template
    .split(separator)
    .flatMap((paragraph) => {
      const names = [...paragraph.matchAll(slot)].map(([, name]) => name!);
      if (names.length > 0 && names.every((name) => !valueOf(slots, name))) return [];
      return [paragraph.replaceAll(slot, (_, name: string) => valueOf(slots, name) ?? '')];
    })
    .join(separator);
}

/** The same as message parts: the images are between the text before them and the text behind them. */
export function fillTemplate(template: string, slots: Slots, images: readonly MessagePart[]): MessagePart[] {
  const [before = '', behind = ''] = template.split('{{images}}').map((part) => fillText(part.trim(), slots));
  return [...textPart(before), ...images, ...textPart(behind)];
}

/** Makes the text well-formed: servers refuse half of a surrogate pair, which a truncated quotation or a hostile page can leave. */
function textPart(value: string): MessagePart[] {
  return value === '' ? [] : [{ type: 'text', text: value.toWellFormed() }];
}

function valueOf(slots: Slots, name: string): string | undefined {
  if (!(name in slots)) throw new Error(`A prompt template has an unknown slot: {{${name}}}.`);
  return slots[name];
}
