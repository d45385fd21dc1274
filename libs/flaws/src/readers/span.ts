/** Characters of the code, from `start` to before `end`. */
export interface Span {
  start: number;
  end: number;
}

export interface Match extends Span {
  text: string;
  groups: string[];
}

/** The matches of a pattern within spans, each with its place in the code. A span is matched as a text of its own. */
export function matchesIn(code: string, spans: readonly Span[], pattern: RegExp): Match[] {
  return spans.flatMap(({ start, end }) =>
    [...code.slice(start, end).matchAll(pattern)].map((match) => ({
      start: start + match.index,
      end: start + match.index + match[0].length,
      text: match[0],
      groups: match.slice(1),
    })),
  );
}
