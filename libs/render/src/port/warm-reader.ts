import { ReaderProcess, type CodeReader } from '@pentimento/runtimes';
import { RendererProcess } from './outage.ts';
import type { RendererContext } from './renderer.ts';

/** The process of a slot that reads long code of one language. */
export function warmReader<Question extends { code: string }, Answer>(
  reader: CodeReader<Question, Answer>,
  context: RendererContext,
): RendererProcess<ReaderProcess<Question, Answer>> {
  const process = new RendererProcess(() => ReaderProcess.start(reader, context.launcher));
  context.onClose(() => process.close());
  return process;
}
