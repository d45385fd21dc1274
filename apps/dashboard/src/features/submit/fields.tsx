'use client';

import clsx from 'clsx';
import { TriangleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';

interface Shared {
  label: string;
  hint?: ReactNode;
  fault?: string;
}

/** A labelled field with its hint and its fault, both tied to it for a screen reader. */
export function Field({ label, hint, fault, children }: Shared & { children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': fault ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {fault && <Fault id={`${id}-fault`} text={fault} />}
    </div>
  );
}

interface Ids {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export function Fault({ id, text }: { id?: string; text: string }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-sm font-medium">
      <TriangleAlert size={14} aria-hidden className="mt-[3px] shrink-0" />
      {text}
    </p>
  );
}

export function NumberField({
  label,
  hint,
  fault,
  value,
  onValue,
  ...rest
}: Shared & { value: string; onValue: (value: string) => void } & Omit<ComponentProps<'input'>, 'value' | 'onChange'>) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(ids) => (
        <input
          {...ids}
          {...rest}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className={clsx('field tabular w-full text-right', fault && 'border-2 border-ink')}
        />
      )}
    </Field>
  );
}

export function TextField({
  label,
  hint,
  fault,
  value,
  onValue,
  rows,
  mono,
}: Shared & { value: string; onValue: (value: string) => void; rows?: number; mono?: boolean }) {
  const look = clsx(
    'field w-full',
    mono && 'font-mono text-xs!',
    fault && 'border-2 border-ink',
    rows && 'h-auto! py-1.5',
  );
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(ids) =>
        rows ? (
          <textarea
            {...ids}
            rows={rows}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            className={look}
            spellCheck={!mono}
          />
        ) : (
          <input
            {...ids}
            type="text"
            autoComplete="off"
            value={value}
            onChange={(event) => onValue(event.target.value)}
            className={look}
          />
        )
      }
    </Field>
  );
}
