'use client';

import clsx from 'clsx';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './Button.tsx';

/** A modal dialog. It is the browser's own, so focus stays inside and Esc closes it. */
export function Dialog({
  title,
  open,
  onClose,
  wide,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  /** As wide as the window allows, for images. */
  wide?: boolean;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={clsx(
        'm-auto max-h-[85dvh] rounded border bg-panel p-0 text-ink shadow-(--shadow)',
        wide ? 'w-[min(1280px,calc(100vw-32px))]' : 'w-[min(640px,calc(100vw-32px))]',
      )}
    >
      {open && (
        <>
          <header className="sticky top-0 flex items-center justify-between border-b bg-panel py-2 pr-2 pl-4">
            <h2 id={heading} className="text-lg font-semibold">
              {title}
            </h2>
            <IconButton name="Close" onClick={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </header>
          <div className="p-4">{children}</div>
        </>
      )}
    </dialog>
  );
}
