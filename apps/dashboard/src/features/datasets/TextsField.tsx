'use client';

import { X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/fields.tsx';

/** Several texts, one typed after the other. What is typed counts once it is added: by Enter, by the button, or by leaving the field. */
export function TextsField({
  label,
  hint,
  error,
  values,
  suggestions = [],
  placeholder,
  onValues,
}: {
  label: string;
  hint?: string;
  error?: string;
  values: readonly string[];
  suggestions?: readonly string[];
  placeholder?: string;
  onValues: (values: string[]) => void;
}) {
  const [typed, setTyped] = useState('');
  const list = useId();
  const add = () => {
    const text = typed.trim();
    setTyped('');
    if (text !== '' && !values.includes(text)) onValues([...values, text]);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <div className="flex min-w-0 flex-col gap-1.5">
          <div className="flex gap-1">
            <input
              {...ids}
              type="text"
              list={suggestions.length > 0 ? list : undefined}
              value={typed}
              placeholder={placeholder}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={onKey}
              onBlur={add}
              className="field min-w-0 flex-1"
            />
            <Button onClick={add} aria-label={`Add: ${label}`}>
              Add
            </Button>
            <datalist id={list}>
              {suggestions
                .filter((suggestion) => !values.includes(suggestion))
                .map((suggestion) => (
                  <option key={suggestion} value={suggestion} />
                ))}
            </datalist>
          </div>
          {values.length > 0 && (
            <ul aria-label={`${label}, chosen`} className="flex max-h-24 flex-wrap gap-1 overflow-y-auto">
              {values.map((value) => (
                <li key={value} className="flex min-h-7 max-w-full items-center rounded border border-edge pl-2">
                  <span className="min-w-0 truncate text-sm" title={value}>
                    {value}
                  </span>
                  <button
                    type="button"
                    aria-label={`Remove ${value}`}
                    onClick={() => onValues(values.filter((other) => other !== value))}
                    className="flex size-6 shrink-0 items-center justify-center text-muted outline-offset-[-3px] hover:text-ink"
                  >
                    <X size={12} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Field>
  );
}
