import { PythonZygote } from '@pentimento/runtimes';
import type { WarmProcess } from '@pentimento/sandbox';
import { renderLimits } from '../port/limits.ts';
import { RendererProcess } from '../port/outage.ts';
import type { RendererContext, RendererStatus } from '../port/renderer.ts';

const imageLimits = {
  maxSide: renderLimits.maxSide,
  maxPixels: renderLimits.maxPixels,
  maxBytes: renderLimits.maxPngBytes,
};

const singleUse =
  'The kernel allows no namespaces within the sandbox, so each render starts a Python of its own, which takes seconds.';

/** The Python of a slot, for `context.shared`. Undefined where there is no Python on this machine. */
export function warmPython(context: RendererContext): WarmProcess<PythonZygote> | undefined {
  const { python: path, launcher, temporaryFolder } = context;
  if (path === undefined) return undefined;
  const python = new RendererProcess(() => PythonZygote.start(path, imageLimits, launcher, temporaryFolder));
  context.onClose(() => python.close());
  return python;
}

/**
 * The status of a renderer that needs one of Python's libraries. `nameOf` names the renderer; `missing` has the remedy; `versionsOf`
 * describes the versions that code is written for where the name does not.
 */
export async function statusOfPython(
  python: WarmProcess<PythonZygote> | undefined,
  library: string,
  missing: string,
  nameOf: (zygote: PythonZygote) => string,
  versionsOf?: (zygote: PythonZygote) => string,
): Promise<RendererStatus> {
  if (!python) return { available: false, renderer: null, reason: missing };
  try {
    const zygote = await python.get();
    if (!zygote.versions[library]) return { available: false, renderer: null, reason: missing };
    const versions = versionsOf?.(zygote);
    return {
      ...{ available: true, renderer: nameOf(zygote), reason: zygote.isReusable ? null : singleUse },
      ...(versions !== undefined && { versions }),
    };
  } catch (error) {
    return { available: false, renderer: null, reason: (error as Error).message };
  }
}
