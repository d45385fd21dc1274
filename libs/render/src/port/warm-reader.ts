import { startReader } from '@pentimento/runtimes';
import type { RpcProcess } from '@pentimento/sandbox';
import { RendererProcess } from './outage.ts';
import type { RendererContext } from './renderer.ts';

/** The process of a slot that reads long code of one language. */
export function warmReader(
  reader: Parameters<typeof startReader>[0],
  context: RendererContext,
): RendererProcess<RpcProcess> {
  const process = new RendererProcess(() => startReader(reader, context.launcher));
  context.onClose(() => process.close());
  return process;
}
