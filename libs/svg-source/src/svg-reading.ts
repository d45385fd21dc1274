import { readPageAround, type PageAround } from './page-around.ts';
import { browserFeatures, isCrowded } from './svg-engine.ts';
import { readSvg, type SvgRoot } from './svg-source.ts';
import { readSvgText } from './svg-text.ts';

export interface SvgQuestion {
  code: string;
  /** Most characters of the text. */
  maxTextLength: number;
}

/** All that is read of the code of an SVG, as plain data. */
export interface SvgReading {
  root: SvgRoot;
  /** What only the browser renders; empty where librsvg renders the SVG too. */
  features: string[];
  isCrowded: boolean;
  /** The HTML page that it stands in, where there is one. */
  page: PageAround | null;
  /** Whether it has scripts, which do not run. */
  hasScripts: boolean;
  /** The text that it shows. */
  text: string;
}

/** Null where there is no `<svg`. Takes a time that grows with the length of the code. */
export function readWholeSvg({ code, maxTextLength }: SvgQuestion): SvgReading | null {
  const source = readSvg(code);
  if (!source) return null;
  const { root } = source;
  const text = readSvgText(code, maxTextLength);
  return {
    root,
    features: browserFeatures(code, source),
    isCrowded: isCrowded(source),
    page: readPageAround(code, root),
    hasScripts: source.elements.has('script'),
    text,
  };
}
