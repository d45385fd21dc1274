'use client';

import { Keyboard } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { keyName, keysOf, type Page } from './keys.ts';
import { singleKeysOn, switchSingleKeys, useKeys } from './useKeys.ts';

/** The button and the `?` key that show the keys of a page, and the switch that disables single keys. */
export function KeysHelp({ page }: { page: Page }) {
  const [open, setOpen] = useState(false);
  const [on, setOn] = useState(true);
  useEffect(() => setOn(singleKeysOn()), []);
  useKeys(page, { help: () => setOpen(true) });
  const toggle = (value: boolean) => {
    switchSingleKeys(value);
    setOn(value);
  };
  return (
    <>
      <IconButton name="Keys" onClick={() => setOpen(true)} className="size-8 max-sm:hidden">
        <Keyboard size={16} aria-hidden />
      </IconButton>
      <Dialog title="Keys" open={open} onClose={() => setOpen(false)}>
        <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
          {keysOf(page).map((key) => (
            <div key={key.id} className="flex items-center justify-between gap-4 border-b py-1.5">
              <dt>{key.label}</dt>
              <dd className="flex shrink-0 gap-1">
                {key.keys.map((name) => (
                  <kbd
                    key={name}
                    className="min-w-6 rounded-sm border border-edge px-1.5 text-center font-mono text-xs"
                  >
                    {keyName(name)}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        {page === 'trajectory' && (
          <p className="mt-4 text-muted">
            In the viewer: wheel or drag pans, Ctrl and wheel or a pinch zooms at the pointer, Shift and arrows pan.
          </p>
        )}
        <label className="mt-4 flex items-center gap-2">
          <input type="checkbox" checked={on} onChange={(event) => toggle(event.target.checked)} className="size-4" />
          Single-letter keys work
        </label>
      </Dialog>
    </>
  );
}
