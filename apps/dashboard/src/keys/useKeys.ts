'use client';

import { useEffect, useRef } from 'react';
import { keyOf, type KeyId, type Page } from './keys.ts';

type Handlers = Partial<Record<KeyId, (event: KeyboardEvent) => void>>;

const storageKey = 'pentimento.keys';

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export function switchSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off');
  } catch {
    // Storage may be disabled; the keys keep their default then.
  }
}

/** Runs a page's handlers on its keys: not while typing, not with a modifier, not under an open dialog. */
export function useKeys(page: Page, handlers: Handlers, released: Handlers = {}): void {
  const latest = useRef({ handlers, released });
  useEffect(() => {
    latest.current = { handlers, released };
  });
  useEffect(() => {
    const listen = (kind: 'handlers' | 'released') => (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event)) return;
      const id = keyOf(page, event.key);
      const handler = id && latest.current[kind][id];
      if (!handler || (!singleKeysOn() && event.key.length === 1)) return;
      handler(event);
    };
    const down = listen('handlers');
    const up = listen('released');
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
    };
  }, [page]);
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return false;
  if (target.closest('input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable=true]')) {
    return event.key !== 'Escape';
  }
  const keepsArrows = target.closest('input[type=range], [role=tablist], [role=separator]');
  if (keepsArrows && event.key.length > 1 && event.key !== 'Escape') return true;
  return event.key === 'Enter' && target.closest('a, button, summary, [role=tab]') !== null;
}
