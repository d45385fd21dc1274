import { describe, expect, it } from 'vitest';
import { keyOf, keysOf, keyTable, type Page } from './keys.ts';

const pages: Page[] = ['jobs', 'submit', 'trajectory', 'datasets', 'dataset', 'new-dataset', 'system'];

describe('the key table', () => {
  it.each(pages)('gives a key one meaning on the page %s', (page) => {
    const pressed = keysOf(page).flatMap((key) => key.keys);
    expect(new Set(pressed).size).toBe(pressed.length);
  });

  it('names every entry once', () => {
    expect(new Set(keyTable.map((key) => key.id)).size).toBe(keyTable.length);
  });

  it('finds the entry of a pressed key on its own pages only', () => {
    expect(keyOf('trajectory', '2')).toBe('swipe');
    expect(keyOf('trajectory', '+')).toBe('zoom-in');
    expect(keyOf('jobs', '2')).toBeUndefined();
    expect(keyOf('system', '?')).toBe('help');
  });
});
