import { fileURLToPath } from 'node:url';

export { readWholeSvg, type SvgQuestion, type SvgReading } from './svg-reading.ts';
export { svgSize, withSize, withSizeAndFont, withViewBox } from './svg-source.ts';
export { asForgivingPage, describeXmlError, readXmlError, type XmlError } from './svg-syntax.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Paths of the `RpcHandler` that reads an SVG as `readWholeSvg` does, and of the files that it imports. */
export const svgReaderProgram = {
  worker: own('svg-reader-worker.ts'),
  files: ['svg-reading.ts', 'page-around.ts', 'svg-engine.ts', 'svg-source.ts', 'svg-text.ts'].map(own),
};
