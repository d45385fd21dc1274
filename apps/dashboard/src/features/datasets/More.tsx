'use client';

import { useEffect, useState, type ReactNode } from 'react';

/** What few need: closed, unless something in it is set at first or becomes invalid. */
export function More({
  title,
  set,
  invalid,
  children,
}: {
  title: string;
  set: boolean;
  invalid: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(set);
  useEffect(() => {
    if (invalid) setOpen(true);
  }, [invalid]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit font-medium">{title}</summary>
      <div className="mt-3 flex flex-col gap-4">{children}</div>
    </details>
  );
}
