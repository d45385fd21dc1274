import { readDocument, type DocumentOptions, type TexDocument } from './document.ts';
import { prefixEnds } from './preamble-prefix.ts';

export interface TexQuestion extends DocumentOptions {
  code: string;
}

/** The document that code means, and where the prefixes of its preamble end. */
export interface TexReading {
  document: TexDocument;
  ends: number[];
}

export function readTex({ code, ...options }: TexQuestion): TexReading {
  const document = readDocument(code, options);
  return { document, ends: prefixEnds(document) };
}
