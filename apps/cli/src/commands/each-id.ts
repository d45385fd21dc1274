import { ApiError } from '@pentimento/client';
import { describeApiError } from '../output/api-error.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Acts on each id, and prints those that worked, as JSON under `name` where that is asked for. An id that the server refuses
 * is reported, and the others go on.
 */
export async function forEachId(
  ids: string[],
  act: (id: string) => Promise<void>,
  { name, json }: { name: string; json: boolean | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const done: string[] = [];
  for (const id of ids) {
    try {
      await act(id);
      done.push(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      terminal.progress(`${id}: ${describeApiError(error)}`);
    }
  }
  if (json) terminal.data(JSON.stringify({ [name]: done }));
  else if (done.length > 0) terminal.data(done.join('\n'));
  return done.length === ids.length ? exitCodes.done : exitCodes.error;
}
