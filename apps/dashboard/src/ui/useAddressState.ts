'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

const settle = 200;

/**
 * A page's state, read from the query of the address once and written back to it after a pause in changes, or at a click. `save` writes it
 * at once. Nothing is written once the router has left for another address: that would lead back to this one.
 */
export function useAddressState<State>(
  parse: (query: URLSearchParams) => State,
  write: (state: State) => string,
): [state: State, change: (change: Partial<State>) => void, save: () => void] {
  const [state, setState] = useState(() => parse(new URLSearchParams(location.search)));
  const change = useCallback((part: Partial<State>) => setState((before) => ({ ...before, ...part })), []);
  const own = useRef('');
  // Not while rendering: the router changes the address only once it has rendered the page.
  useEffect(() => {
    own.current = location.href;
  }, []);
  const save = useCallback(() => {
    if (location.href !== own.current) return;
    writeAddress(write(state));
    own.current = location.href;
  }, [state, write]);
  useEffect(() => {
    const timer = setTimeout(save, settle);
    // A click may lead to another page, and a write while the router leaves this one would keep it here.
    window.addEventListener('click', save, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('click', save, true);
    };
  }, [save]);
  useEffect(() => {
    const back = () => {
      own.current = location.href;
      setState(parse(new URLSearchParams(location.search)));
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [parse]);
  return [state, change, save];
}

function writeAddress(query: string): void {
  if (query === location.search.slice(1)) return;
  window.history.replaceState(null, '', query === '' ? location.pathname : `${location.pathname}?${query}`);
}
