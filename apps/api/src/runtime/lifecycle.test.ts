import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

const silent = pino({ level: 'silent' });

describe('Lifecycle', () => {
  it('drains first, then closes the parts in reverse order', async () => {
    const lifecycle = new Lifecycle(silent, 1000);
    const order: string[] = [];
    lifecycle.draining.addEventListener('abort', () => order.push('draining'));
    for (const name of ['database', 'store', 'server']) lifecycle.add(name, async () => order.push(name));
    await lifecycle.close();
    expect(order).toEqual(['draining', 'server', 'store', 'database']);
  });

  it('closes the other parts where one fails or hangs', async () => {
    const lifecycle = new Lifecycle(silent, 20);
    const closed: string[] = [];
    lifecycle.add('first', async () => closed.push('first'));
    lifecycle.add('hangs', () => new Promise(() => {}));
    lifecycle.add('fails', () => Promise.reject(new Error('no')));
    await lifecycle.close();
    expect(closed).toEqual(['first']);
  });
});
