import type { NemoVerifyRequest } from '../protocols/reward-servers.ts';

type Part = { type?: unknown; text?: unknown; image_url?: unknown };
type Message = Part & { role?: unknown; content?: unknown };

/** The parts of messages of the Responses API, whatever else is among them. */
function partsOf(messages: unknown): Part[] {
  const list = Array.isArray(messages) ? (messages as (Message | null)[]) : [];
  return list.flatMap((message) => (Array.isArray(message?.content) ? (message.content as Part[]) : []));
}

/** What the model wrote: every output_text, in order. */
export function replyOf({ response }: NemoVerifyRequest): string {
  const texts = partsOf(response.output).filter((part) => part?.type === 'output_text');
  return texts.map(({ text }) => String(text)).join('\n');
}

/** Base64 of the first image of the prompt that is a data URI; undefined where there is none. */
export function imageOf({ responses_create_params: { input } }: NemoVerifyRequest): string | undefined {
  const image = partsOf(input).find((part) => part?.type === 'input_image');
  const url = typeof image?.image_url === 'string' ? image.image_url : '';
  return /^data:image\/[\w.+-]+;base64,/.test(url) ? url.slice(url.indexOf(',') + 1) : undefined;
}
