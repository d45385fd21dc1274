'use client';

import { useQuery } from '@tanstack/react-query';
import { outcomes, type ExportCounts } from '@pentimento/contracts';
import { modelsQuery } from '../../api/queries.ts';
import type { FieldErrors } from '../../ui/fieldErrors.ts';
import { Field, NumberField } from '../../ui/fields.tsx';
import { useLanguages } from '../../ui/languages.ts';
import { outcomeWord } from '../../ui/StatusMark.tsx';
import { ChoiceChips } from './ChoiceChips.tsx';
import { hasRareFilters, isDay, rareFilters, type DatasetForm } from './form.ts';
import { More } from './More.tsx';
import { TextsField } from './TextsField.tsx';
import { captureWords, verdictWords } from './words.ts';

export interface FieldsProps {
  form: DatasetForm;
  errors: FieldErrors;
  onChange: (change: Partial<DatasetForm>) => void;
}

const outcomeOptions = outcomes.map((id) => ({ id, title: outcomeWord(id) }));

/** What the trajectories of the dataset have in common. */
export function FilterFields({ form, errors, onChange, counts }: FieldsProps & { counts: ExportCounts | undefined }) {
  const languages = useLanguages();
  const { data: models } = useQuery(modelsQuery);
  return (
    <>
      <ChoiceChips
        label="Languages"
        options={withChosen(languages, form.languages)}
        chosen={form.languages}
        counts={counts?.languages}
        error={errors['/filter/languages']}
        onChosen={(chosen) => onChange({ languages: chosen })}
      />
      <ChoiceChips
        label="Outcomes"
        options={outcomeOptions}
        chosen={form.outcomes}
        counts={counts?.outcomes}
        error={errors['/filter/outcomes']}
        onChosen={(chosen) => onChange({ outcomes: chosen })}
      />
      <TextsField
        label="Models"
        placeholder="any"
        suggestions={models?.data.map(({ name }) => name)}
        values={form.models}
        error={errors['/filter/models']}
        onValues={(values) => onChange({ models: values })}
      />
      <div className="grid grid-cols-3 gap-3">
        <NumberField
          label="Score from"
          placeholder="0"
          value={form.minScore}
          error={errors['/filter/minScore']}
          onValue={(minScore) => onChange({ minScore })}
        />
        <NumberField
          label="Score to"
          placeholder="1"
          value={form.maxScore}
          error={errors['/filter/maxScore']}
          onValue={(maxScore) => onChange({ maxScore })}
        />
        <NumberField
          label="Gain from"
          placeholder="any"
          value={form.minGain}
          error={errors['/filter/minGain']}
          onValue={(minGain) => onChange({ minGain })}
        />
      </div>
      <p className="-mt-3 text-xs text-muted">Of the best candidate; the gain is since the first iteration.</p>
      <More
        title="More filters"
        set={hasRareFilters(form)}
        invalid={rareFilters.some((field) => errors[`/filter/${field}`])}
      >
        <RareFilters form={form} errors={errors} onChange={onChange} />
      </More>
    </>
  );
}

/** Languages that the form has and the server does not list are shown too. */
function withChosen(languages: readonly { id: string; title: string }[], chosen: readonly string[]) {
  const unlisted = chosen.filter((id) => !languages.some((language) => language.id === id));
  return [...languages, ...unlisted.map((id) => ({ id, title: id }))];
}

function RareFilters({ form, errors, onChange }: FieldsProps) {
  return (
    <>
      <ChoiceField
        label="Capture"
        words={captureWords}
        value={form.captureLevel}
        error={errors['/filter/captureLevel']}
        onValue={(captureLevel) => onChange({ captureLevel })}
      />
      <ChoiceField
        label="Judgment"
        words={verdictWords}
        value={form.verdict}
        error={errors['/filter/verdict']}
        onValue={(verdict) => onChange({ verdict })}
      />
      <TextsField
        label="Tags"
        hint="Jobs that have all of them."
        placeholder="any"
        values={form.tags}
        error={errors['/filter/tags']}
        onValues={(values) => onChange({ tags: values })}
      />
      <TextsField
        label="Policy versions"
        hint="Jobs whose calls all have one of them."
        placeholder="any"
        values={form.policyVersions}
        error={errors['/filter/policyVersions']}
        onValues={(values) => onChange({ policyVersions: values })}
      />
      <div className="grid grid-cols-2 gap-3">
        <DayField
          label="Created from"
          value={form.createdAfter}
          error={errors['/filter/createdAfter']}
          onValue={(createdAfter) => onChange({ createdAfter })}
        />
        <DayField
          label="Created to"
          value={form.createdBefore}
          error={errors['/filter/createdBefore']}
          onValue={(createdBefore) => onChange({ createdBefore })}
        />
      </div>
      <TextsField
        label="Jobs"
        hint="Only these, by id."
        placeholder="any"
        values={form.jobs}
        error={errors['/filter/jobs']}
        onValues={(values) => onChange({ jobs: values })}
      />
    </>
  );
}

interface ValueProps {
  label: string;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

function ChoiceField({
  label,
  words,
  value,
  error,
  onValue,
}: ValueProps & { words: Readonly<Record<string, string>> }) {
  return (
    <Field label={label} error={error}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onValue(event.target.value)} className="field w-full">
          <option value="">any</option>
          {Object.entries(words).map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A day in UTC; an exact time, from a link, is shown as it is. */
function DayField({ label, value, error, onValue }: ValueProps) {
  return (
    <Field label={label} error={error} hint="In UTC.">
      {(ids) => (
        <input
          {...ids}
          type={value === '' || isDay(value) ? 'date' : 'text'}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className="field w-full"
        />
      )}
    </Field>
  );
}
