import type { CodeReader } from '@pentimento/runtimes';
import { readWholeSvg, svgReaderProgram, type SvgQuestion, type SvgReading } from '@pentimento/svg-source';
import { warmReader } from '../../port/warm-reader.ts';
import type { RendererContext } from '../../port/renderer.ts';

export const svgReader: CodeReader<SvgQuestion, SvgReading | null> = { read: readWholeSvg, ...svgReaderProgram };

/** The process of a slot that reads long SVGs, for `context.shared`. */
export const warmSvgReader = (context: RendererContext) => warmReader(svgReader, context);
