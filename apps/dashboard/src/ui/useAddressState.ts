'use client';

import { useCallback, useEffect, useState } from 'react';

const settle = 200;

/** A page's state, read from the query of the address once and written back to it after a pause in changes. */
export function useAddressState<State>(
  parse: (query: URLSearchParams) => State,
  write: (state: State) => string,
): [State, (change: Partial<State>) => void] {
  const [state, setState] = useState(() => parse(new URLSearchParams(location.search)));
  const change = useCallback((part: Partial<State>) => setState((before) => ({ ...before, ...part })), []);
  useEffect(() => {
    const timer = setTimeout(() => {
      const query = write(state);
      if (query === location.search.slice(1)) return;
      window.history.replaceState(null, '', query === '' ? location.pathname : `${location.pathname}?${query}`);
    }, settle);
    return () => clearTimeout(timer);
  }, [state, write]);
  useEffect(() => {
    const back = () => setState(parse(new URLSearchParams(location.search)));
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [parse]);
  return [state, change];
}
