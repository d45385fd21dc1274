'use client';

import { useCallback } from 'react';
import { useAddressState } from '../../ui/useAddressState.ts';
import { parseView, writeView, type ViewState } from './view.ts';

/** The view of a job, kept in the address. */
export function useView(id: string): [ViewState, (change: Partial<ViewState>) => void] {
  return useAddressState(
    parseView,
    useCallback((state: ViewState) => writeView(id, state), [id]),
  );
}
