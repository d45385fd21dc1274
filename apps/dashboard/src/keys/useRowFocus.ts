'use client';

import type { RefObject } from 'react';
import type { Page } from './keys.ts';
import { useKeys } from './useKeys.ts';

/** The keys for the next and the previous row move the focus over the elements of the container that have `data-row`. */
export function useRowFocus(page: Page, container: RefObject<HTMLElement | null>): void {
  const step = (by: 1 | -1) => {
    const rows = [...(container.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys(page, { next: () => step(1), previous: () => step(-1) });
}
