/** How much of a prompt's end tells where it ends. */
const endLength = 16;

/**
 * The reply in the text of a prompt with its reply, or undefined where the text does not hold the prompt. A tokenizer writes a prompt with
 * images otherwise than it was given, since an image becomes many tokens; its last characters stay, and come as often as in the prompt.
 */
export function replyAfter(prompt: string, query: string): string | undefined {
  if (query.startsWith(prompt)) return query.slice(prompt.length);
  const end = prompt.slice(-endLength);
  let from = 0;
  for (let at = prompt.indexOf(end); at >= 0; at = prompt.indexOf(end, at + end.length)) {
    const found = query.indexOf(end, from);
    if (found < 0) return undefined;
    from = found + end.length;
  }
  return query.slice(from);
}

const marker = { open: '<pentimento>', close: '</pentimento>' };

/**
 * The ground truth that a prompt ends with, and the reply after it; undefined where the text has none. The first marker counts: a model may
 * write another one.
 */
export function splitAtMarker(text: string): { label: string; reply: string } | undefined {
  const open = text.indexOf(marker.open);
  const close = text.indexOf(marker.close, open);
  if (open < 0 || close < 0) return undefined;
  return { label: text.slice(open + marker.open.length, close), reply: text.slice(close + marker.close.length) };
}

/** Longer than any run of special tokens at an end. */
const tailLength = 1024;

/** A reply without the special tokens after it, which would make its closing fence no fence: "```<|im_end|>". */
export function withoutEndTokens(reply: string): string {
  const tail = reply.slice(-tailLength);
  return reply.slice(0, reply.length - tail.length) + tail.replace(/(?:<[^<>\s]{1,64}>\s*)+$/, '');
}
