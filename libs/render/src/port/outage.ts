import { WarmProcess, type ManagedProcess } from '@pentimento/sandbox';

/**
 * Nothing can be rendered now, whatever the code: a renderer that was available no longer starts. Any other error of a render is a failure
 * of its code.
 */
export class RendererOutageError extends Error {
  override readonly name = 'RendererOutageError';
}

/** @throws RendererOutageError, with the same message, where the process does not start. */
export async function orOutage<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (cause) {
    throw new RendererOutageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A warm process of a renderer. Where none can be started, `get` and `use` reject with a RendererOutageError. */
export class RendererProcess<T extends ManagedProcess> extends WarmProcess<T> {
  override get(): Promise<T> {
    return orOutage(super.get());
  }
}
