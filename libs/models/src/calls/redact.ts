const maxQuoteLength = 200;
/** A quote that shares this many consecutive characters with the prompt counts as an echo of the request. */
const echoLength = 24;

/**
 * The error message of a server, safe to show: one line, at most 200 characters, without keys and without encoded
 * data; empty where it repeats part of the prompt.
 */
export function quoteFrom(message: string, hidden: { secrets: readonly string[]; texts: readonly string[] }): string {
  const plain = redact(message, hidden.secrets)
    .replace(/[A-Za-z0-9+/_=-]{40,}/g, '[…]')
    .replace(/\s+/g, ' ')
    .trim();
  const quote = plain.length > maxQuoteLength ? `${plain.slice(0, maxQuoteLength)}…` : plain;
  return hidden.texts.some((text) => echoes(quote, text)) ? '' : quote;
}

/** The text without the given secrets, and without what looks like an API key. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text);
  return known
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [key]')
    .replace(/\b(sk|pk|key|AIza|hf|gsk|xai)[-_][\w*.-]{6,}/g, '[key]')
    .replace(/\bAIza[\w-]{6,}/g, '[key]');
}

function echoes(quote: string, text: string): boolean {
  const singleSpaced = text.replace(/\s+/g, ' ');
  for (let start = 0; start + echoLength <= quote.length; start++) {
    if (singleSpaced.includes(quote.slice(start, start + echoLength))) return true;
  }
  return false;
}
