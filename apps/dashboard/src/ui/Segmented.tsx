'use client';

import clsx from 'clsx';

/** A few choices next to each other, one of them pressed. */
export function Segmented<Id extends string>({
  name,
  options,
  selected,
  onSelect,
  className,
}: {
  name: string;
  options: readonly { id: Id; label: string; hint?: string }[];
  selected: Id;
  onSelect: (id: Id) => void;
  className?: string;
}) {
  return (
    <div role="group" aria-label={name} className={clsx('flex flex-wrap gap-1 md:max-lg:gap-0.5', className)}>
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          aria-pressed={option.id === selected}
          title={option.hint}
          onClick={() => onSelect(option.id)}
          className={clsx(
            'h-7 rounded border px-2 text-sm md:max-lg:px-1',
            option.id === selected
              ? 'border-accent text-ink'
              : 'border-transparent text-muted hover:bg-hover hover:text-ink',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
