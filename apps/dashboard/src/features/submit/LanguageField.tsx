'use client';

import { useQuery } from '@tanstack/react-query';
import { languages, type Language } from '@pentimento/contracts';
import { languagesQuery } from '../../api/queries.ts';
import { languageName } from '../../ui/languages.ts';
import { Fault } from './fields.tsx';
import type { Guess } from './model.ts';

/** The languages as radio buttons; one that cannot be rendered here says why. */
export function LanguageField({
  value,
  guess,
  fault,
  onValue,
}: {
  value: Language;
  guess: Guess | null;
  fault?: string;
  onValue: (language: Language) => void;
}) {
  const { data = [] } = useQuery(languagesQuery);
  const chosen = data.find((state) => state.language === value);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">
        Language
        {guess?.language === value && <span className="ml-2 font-normal text-muted">{guess.why}</span>}
      </legend>
      <div className="grid grid-cols-3 gap-1">
        {languages.map((language) => {
          const state = data.find((one) => one.language === language);
          const off = state?.available === false;
          return (
            <label
              key={language}
              title={state?.reason ?? undefined}
              className="relative flex h-8 items-center justify-center rounded border border-edge px-1 has-checked:border-2 has-checked:border-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
            >
              <input
                type="radio"
                name="language"
                value={language}
                checked={value === language}
                onChange={() => onValue(language)}
                className="sr-only"
              />
              <span className={off ? 'text-muted line-through' : undefined}>{languageName(language)}</span>
              {off && <span className="sr-only">, not available here</span>}
            </label>
          );
        })}
      </div>
      {chosen?.reason && !fault && <p className="text-xs text-muted">{chosen.reason}</p>}
      {fault && <Fault text={fault} />}
    </fieldset>
  );
}
