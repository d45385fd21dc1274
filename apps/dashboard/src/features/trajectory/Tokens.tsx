import type { Token } from './highlight.ts';

/** A line of colored tokens, as text nodes. */
export function Tokens({ line }: { line: readonly Token[] }) {
  return line.map((token, at) => (
    <span key={at} style={token.color ? { color: token.color } : undefined}>
      {token.content}
    </span>
  ));
}
