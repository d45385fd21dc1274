'use client';

import { useId } from 'react';
import { FieldError } from '../../ui/fields.tsx';
import { formatCount } from '../../ui/format.ts';

/** Several choices that may be on at once, each with how many there are of it. None on means any. */
export function ChoiceChips<Id extends string>({
  label,
  options,
  chosen,
  counts,
  error,
  onChosen,
}: {
  label: string;
  options: readonly { id: Id; title: string }[];
  chosen: readonly Id[];
  /** By id; undefined while they are not known. */
  counts: Readonly<Record<string, number>> | undefined;
  error?: string;
  onChosen: (chosen: Id[]) => void;
}) {
  const problem = useId();
  const toggle = (id: Id) => onChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1" aria-describedby={error ? problem : undefined}>
      <legend className="mb-1 text-sm font-medium">
        {label} {chosen.length === 0 && <span className="font-normal text-muted">any</span>}
      </legend>
      <div className="flex min-h-17 flex-wrap content-start gap-1">
        {options.map(({ id, title }) => (
          <label
            key={id}
            className="relative flex h-8 items-center gap-1.5 rounded border border-edge px-2 has-checked:border-accent has-checked:shadow-[inset_0_0_0_1px_var(--accent)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
          >
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={() => toggle(id)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            {title}
            <span className="tabular min-w-4 text-right text-xs text-muted">
              {counts && (chosen.length === 0 || chosen.includes(id)) ? formatCount(counts[id] ?? 0) : ''}
            </span>
          </label>
        ))}
      </div>
      {error && <FieldError id={problem} text={error} />}
    </fieldset>
  );
}
