import { readDocument, type TexDocument } from './document.ts';
import { prefixEnds } from './preamble-prefix.ts';

export interface TexQuestion {
  code: string;
  /** As `readDocument` takes it. */
  overhang: number;
}

/** The document that code means, and where the prefixes of its preamble end. */
export interface TexReading {
  document: TexDocument;
  ends: number[];
}

export function readTex({ code, overhang }: TexQuestion): TexReading {
  const document = readDocument(code, overhang);
  return { document, ends: prefixEnds(document) };
}
