import { fileURLToPath } from 'node:url';
import type { CodeReader } from '@pentimento/runtimes';
import { warmReader } from '../../port/warm-reader.ts';
import type { RendererContext } from '../../port/renderer.ts';
import { readWholeSvg, type SvgQuestion, type SvgReading } from './svg-reading.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const svgReader: CodeReader<SvgQuestion, SvgReading | null> = {
  read: readWholeSvg,
  worker: own('svg-reader-worker.ts'),
  files: ['svg-reading.ts', 'svg-engine.ts', 'svg-source.ts', 'svg-text.ts'].map(own),
};

/** The process of a slot that reads long SVGs, for `context.shared`. */
export const warmSvgReader = (context: RendererContext) => warmReader(svgReader, context);
