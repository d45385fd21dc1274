/** How much JSON may hold. */
export interface JsonBounds {
  /** Levels of arrays and objects. */
  depth: number;
  /** Arrays and objects. */
  containers: number;
  keys: number;
  /** Characters of all keys together. */
  keyCharacters: number;
  values: number;
}

const quote = 0x22;
const backslash = 0x5c;
const [comma, colon] = [0x2c, 0x3a];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Which bound JSON exceeds that would cost far more to parse and to check than its bytes say: deep nesting, and very many keys or values.
 * Undefined where it is within them. Takes one pass over the text, which may be of any encoding that keeps ASCII. Whether it is JSON is for the parser to say.
 */
export function exceededJsonBound(text: string, bounds: JsonBounds): keyof JsonBounds | undefined {
  const counts = { depth: 0, containers: 0, keys: 0, keyCharacters: 0, values: 0 };
  const exceeds = (bound: keyof JsonBounds, more = 1) => (counts[bound] += more) > bounds[bound];
  let stringLength = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOfString(text, at);
        stringLength = end - at;
        at = end;
        break;
      }
      case comma:
        if (exceeds('values')) return 'values';
        break;
      case colon:
        if (exceeds('keys')) return 'keys';
        if (exceeds('keyCharacters', stringLength)) return 'keyCharacters';
        break;
      case openArray:
      case openObject:
        if (exceeds('containers')) return 'containers';
        if (exceeds('depth')) return 'depth';
        break;
      case closeArray:
      case closeObject:
        counts.depth--;
        break;
    }
  }
  return undefined;
}

/** Position of the quote that ends the string which begins at `start`; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
