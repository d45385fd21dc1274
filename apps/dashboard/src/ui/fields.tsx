'use client';

import clsx from 'clsx';
import { TriangleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';

interface Shared {
  label: string;
  hint?: ReactNode;
  error?: string;
}

/** A labeled field with its hint and its error, both tied to it for a screen reader. */
export function Field({ label, hint, error, children }: Shared & { children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} text={error} />}
    </div>
  );
}

interface Ids {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export function FieldError({ id, text }: { id?: string; text: string }) {
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
  error,
  value,
  onValue,
  ...rest
}: Shared & { value: string; onValue: (value: string) => void } & Omit<ComponentProps<'input'>, 'value' | 'onChange'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <input
          {...ids}
          {...rest}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className={clsx('field tabular w-full text-right', error && 'border-2 border-ink')}
        />
      )}
    </Field>
  );
}

export function TextField({
  label,
  hint,
  error,
  value,
  onValue,
  rows,
  mono,
}: Shared & { value: string; onValue: (value: string) => void; rows?: number; mono?: boolean }) {
  const look = clsx(
    'field w-full',
    mono && 'font-mono text-xs!',
    error && 'border-2 border-ink',
    rows && 'h-auto! py-1.5',
  );
  return (
    <Field label={label} hint={hint} error={error}>
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
