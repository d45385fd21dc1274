'use client';

import { useCallback, useEffect, useState } from 'react';
import { parseView, writeView, type ViewState } from './view.ts';

const settle = 200;

/** The view, read from the address once and written back to it after a pause in changes. */
export function useView(id: string): [ViewState, (change: Partial<ViewState>) => void] {
  const [state, setState] = useState<ViewState>(() => parseView(new URLSearchParams(location.search)));
  const change = useCallback((part: Partial<ViewState>) => setState((before) => ({ ...before, ...part })), []);
  useEffect(() => {
    const timer = setTimeout(() => {
      const query = writeView(id, state);
      if (query !== location.search.slice(1)) window.history.replaceState(null, '', `${location.pathname}?${query}`);
    }, settle);
    return () => clearTimeout(timer);
  }, [id, state]);
  useEffect(() => {
    const back = () => setState(parseView(new URLSearchParams(location.search)));
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  return [state, change];
}
