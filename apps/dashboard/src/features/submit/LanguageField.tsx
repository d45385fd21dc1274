'use client';

import type { LanguageEntry } from '@pentimento/api-contracts';
import type { Language } from '@pentimento/contracts';
import { FieldError } from '../../ui/fields.tsx';
import type { Guess } from './model.ts';

/** The languages as radio buttons; one that cannot be rendered here says why. */
export function LanguageField({
  languages,
  value,
  guess,
  error,
  onValue,
}: {
  languages: readonly LanguageEntry[];
  value: Language;
  guess: Guess | null;
  error?: string;
  onValue: (language: Language) => void;
}) {
  const chosen = languages.find(({ id }) => id === value);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">
        Language
        {guess?.language === value && <span className="ml-2 font-normal text-muted">{guess.why}</span>}
      </legend>
      <div className="grid grid-cols-3 gap-1">
        {languages.map(({ id, title, available, reason }) => (
          <label
            key={id}
            title={reason ?? undefined}
            className="relative flex h-8 items-center justify-center rounded border border-edge px-1 has-checked:border-2 has-checked:border-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
          >
            <input
              type="radio"
              name="language"
              value={id}
              checked={value === id}
              onChange={() => onValue(id)}
              className="sr-only"
            />
            <span className={available ? undefined : 'text-muted line-through'}>{title}</span>
            {!available && <span className="sr-only">, not available here</span>}
          </label>
        ))}
      </div>
      {chosen?.reason && !error && <p className="text-xs text-muted">{chosen.reason}</p>}
      {error && <FieldError text={error} />}
    </fieldset>
  );
}
