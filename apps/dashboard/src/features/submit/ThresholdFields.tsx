'use client';

import { useQuery } from '@tanstack/react-query';
import { termWords } from '@pentimento/contracts';
import { rewardTermsQuery } from '../../api/queries.ts';
import type { FieldErrors } from '../../ui/fieldErrors.ts';
import { Field, NumberField } from '../../ui/fields.tsx';
import type { Form } from './model.ts';

interface Props {
  form: Form;
  errors: FieldErrors;
  onChange: (change: Partial<Form>) => void;
}

/** Which term the threshold reads, and what other terms must reach beside it. */
export function ThresholdFields({ form, errors, onChange }: Props) {
  const { data: infos } = useQuery(rewardTermsQuery);
  const terms = infos?.filter(({ threshold }) => threshold) ?? [{ id: form.profile, label: termWords(form.profile) }];
  return (
    <>
      <Field
        label="Threshold reads"
        hint="Candidates are ranked by the overall score whatever it is."
        error={errors['/policy/profile']}
      >
        {(ids) => (
          <select
            {...ids}
            value={form.profile}
            onChange={(event) => onChange({ profile: event.target.value })}
            className="field w-full"
          >
            {terms.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset>
        <legend className="text-sm font-medium">Minimums</legend>
        <p className="mb-2 text-xs text-muted">The job is done where these hold too.</p>
        <div className="grid grid-cols-2 gap-4">
          {terms
            .filter(({ id }) => id !== form.profile)
            .map(({ id, label }) => (
              <NumberField
                key={id}
                label={label}
                placeholder="none"
                value={form.minimums[id] ?? ''}
                onValue={(minimum) => onChange({ minimums: { ...form.minimums, [id]: minimum } })}
                error={errors[`/policy/minimums/${id}`]}
              />
            ))}
        </div>
      </fieldset>
    </>
  );
}
