const maxQuoteLength = 200;
/** What is read of a message, characters. */
const maxReadLength = 65_536;
/** A quote that shares this many consecutive characters with the prompt counts as an echo of the request. */
const echoLength = 24;

/**
 * The error message of a server, safe to show: one line, at most 200 characters, without keys and without encoded
 * data; empty where it repeats part of the prompt.
 */
export function quoteFrom(message: string, hidden: { secrets: readonly string[]; texts: readonly string[] }): string {
  const plain = redactStart(message, hidden.secrets)
    .replace(/[A-Za-z0-9+/_=-]{40,}/g, '[…]')
    .replace(/\s+/g, ' ')
    .trim();
  const quote = plain.length > maxQuoteLength ? `${plain.slice(0, maxQuoteLength)}…` : plain;
  return hidden.texts.some((text) => echoes(quote, text)) ? '' : quote;
}

/** The start of the message, redacted, and without what may be the first half of a secret at its end. */
function redactStart(message: string, secrets: readonly string[]): string {
  if (message.length <= maxReadLength) return redact(message, secrets);
  const longest = Math.max(0, ...secrets.map(({ length }) => length));
  return redact(message.slice(0, maxReadLength), secrets).slice(0, -longest || undefined);
}

/** The text without the given secrets, and without what looks like an API key. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text);
  return known
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [key]')
    .replace(/\b(sk|pk|key|AIza|hf|gsk|xai)[-_][\w*.-]{6,}/g, '[key]')
    .replace(/\bAIza[\w-]{6,}/g, '[key]');
}

/** Of any run of `echoLength` characters, one half begins at a multiple of this. */
const half = echoLength / 2;

function echoes(quote: string, text: string): boolean {
  const halves = runsOf(quote, half);
  const whole = runsOf(quote, echoLength);
  // A single space stays as it is.
  const singleSpaced = text.replace(/[^\S ]\s*| \s+/g, ' ');
  for (let at = 0; at + half <= singleSpaced.length; at += half) {
    if (!halves.has(singleSpaced.slice(at, at + half))) continue;
    for (let start = Math.max(0, at - half); start <= at; start++) {
      if (whole.has(singleSpaced.slice(start, start + echoLength))) return true;
    }
  }
  return false;
}

/** All runs of so many characters. */
function runsOf(text: string, length: number): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length)));
}
