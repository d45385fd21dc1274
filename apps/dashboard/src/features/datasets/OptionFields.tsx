'use client';

import { useQuery } from '@tanstack/react-query';
import { rewardVersionsQuery } from '../../api/queries.ts';
import { Field, NumberField, TextField } from '../../ui/fields.tsx';
import type { FieldsProps } from './FilterFields.tsx';
import { hasOtherOptions } from './form.ts';
import { splitOptions, type FormatOption } from './formats.ts';
import { More } from './More.tsx';

/** How rows are made. What the format does not use is closed away. */
export function OptionFields(props: FieldsProps) {
  const { form, errors, onChange } = props;
  const { used, others } = splitOptions(form.format);
  return (
    <>
      <div className="flex flex-col gap-1">
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Share for validation"
            value={form.validation}
            error={errors['/options/splits/validation'] ?? errors['/options/splits']}
            onValue={(validation) => onChange({ validation })}
          />
          <NumberField
            label="Share for testing"
            value={form.test}
            error={errors['/options/splits/test']}
            onValue={(test) => onChange({ test })}
          />
        </div>
        <p className="text-xs text-muted">0.1 is a tenth. A target, and what is nearly equal to it, is in one split.</p>
      </div>
      {used.map((option) => (
        <OptionField key={option} option={option} {...props} />
      ))}
      <TextField
        label="License"
        hint="Of the targets and the code, as you know it. It is written into the manifest."
        value={form.license}
        error={errors['/options/license']}
        onValue={(license) => onChange({ license })}
      />
      <More
        title="More"
        set={hasOtherOptions(form, others)}
        invalid={[...others, 'rewardVersion'].some((option) => errors[`/options/${option}`])}
      >
        <RewardVersionField {...props} />
        {others.length > 0 && <p className="text-xs text-muted">This format does not use:</p>}
        {others.map((option) => (
          <OptionField key={option} option={option} {...props} />
        ))}
      </More>
    </>
  );
}

function OptionField({ option, form, errors, onChange }: FieldsProps & { option: FormatOption }) {
  if (option === 'improvedOnly') {
    return (
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          checked={form.improvedOnly}
          onChange={(event) => onChange({ improvedOnly: event.target.checked })}
          className="mt-0.5 size-4 shrink-0"
        />
        <span>
          Improved only
          <span className="block text-xs text-muted">
            Leave out what did not score higher than what it started from. Rows that got worse teach too.
          </span>
        </span>
      </label>
    );
  }
  const words = numberOptions[option];
  return (
    <NumberField
      {...words}
      value={form[option]}
      error={errors[`/options/${option}`]}
      onValue={(value) => onChange({ [option]: value })}
    />
  );
}

const numberOptions = {
  margin: { label: 'Margin', hint: 'Smallest difference of the two scores of a pair.' },
  threshold: { label: 'Threshold', hint: 'From this score on a candidate is labeled good.' },
} as const;

/** The scores that rows have: those that the loop decided by, or those of one version of the reward. */
function RewardVersionField({ form, errors, onChange }: FieldsProps) {
  const { data } = useQuery(rewardVersionsQuery);
  const listed = data?.data.map(({ id }) => id) ?? [];
  const versions =
    form.rewardVersion && !listed.includes(form.rewardVersion) ? [...listed, form.rewardVersion] : listed;
  return (
    <Field label="Scores" error={errors['/options/rewardVersion']}>
      {(ids) => (
        <select
          {...ids}
          value={form.rewardVersion}
          onChange={(event) => onChange({ rewardVersion: event.target.value })}
          className="field w-full"
        >
          <option value="">those that the loop decided by</option>
          {versions.map((version) => (
            <option key={version} value={version}>
              {version}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
