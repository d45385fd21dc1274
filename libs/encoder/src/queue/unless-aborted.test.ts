import { expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted.ts';

it('rejects at once when the signal aborts, however long the work takes', async () => {
  const controller = new AbortController();
  const result = unlessAborted(new Promise(() => {}), controller.signal);
  controller.abort(new Error('stop'));
  await expect(result).rejects.toThrow('stop');
});
