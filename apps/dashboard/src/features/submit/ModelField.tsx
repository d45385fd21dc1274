'use client';

import { useQuery } from '@tanstack/react-query';
import type { ModelPage } from '@pentimento/contracts';
import { useState } from 'react';
import { modelsQuery } from '../../api/queries.ts';
import { Field } from '../../ui/fields.tsx';

const other = 'other';

/** The models that the server lists, each with its readiness, and any other by name. */
export function ModelField({
  value,
  error,
  onValue,
}: {
  value: string;
  error?: string;
  onValue: (model: string) => void;
}) {
  const { data } = useQuery(modelsQuery);
  const models = data?.data ?? [];
  const [typing, setTyping] = useState(false);
  const listed = models.length === 0 || models.some((model) => model.name === value);
  const free = typing || !listed;
  return (
    <Field label="Model" hint={hintOf(data, value)} error={error}>
      {(ids) => (
        <div className="flex flex-col gap-1">
          <select
            {...ids}
            value={free ? other : value}
            onChange={(event) => {
              setTyping(event.target.value === other);
              if (event.target.value !== other) onValue(event.target.value);
            }}
            className="field w-full"
          >
            {models.length === 0 && <option value={value}>{value}</option>}
            {models.map((model) => (
              <option key={model.name} value={model.name}>
                {model.name}
                {model.ready ? '' : ' (not ready)'}
              </option>
            ))}
            <option value={other}>Another, by name…</option>
          </select>
          {free && (
            <input
              type="text"
              aria-label="Name of the model, provider/model"
              placeholder="provider/model"
              value={value}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onValue(event.target.value)}
              className="field w-full font-mono text-sm!"
            />
          )}
        </div>
      )}
    </Field>
  );
}

function hintOf(page: ModelPage | undefined, name: string): string | undefined {
  const model = page?.data.find((known) => known.name === name);
  const provider = page?.providers.find((known) => name.startsWith(`${known.provider}/`));
  const reason = model?.reason ?? (model ? null : provider?.reason);
  if (reason) return reason;
  return model?.trusted ? 'Built in: needs no key and no network.' : undefined;
}
