import { describe, expect, it } from 'vitest';
import { abortable, withTimeout } from './abortable.ts';

const endless = new Promise<never>(() => {});

describe('abortable', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).toBe(1);
    await expect(abortable(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it('rejects with the reason of the signal as soon as it aborts', async () => {
    const abort = new AbortController();
    const waiting = abortable(endless, abort.signal);
    abort.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    await expect(abortable(endless, abort.signal)).rejects.toThrow('left');
  });
});

describe('withTimeout', () => {
  it('rejects with the message once the time is over', async () => {
    await expect(withTimeout(endless, 5, 'Too late.')).rejects.toThrow('Too late.');
    expect(await withTimeout(Promise.resolve(1), 5, 'Too late.')).toBe(1);
  });
});
