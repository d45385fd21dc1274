'use client';

import { rewardProfiles, rewardTermNames, type RewardProfile } from '@pentimento/contracts';
import { useEffect, useState } from 'react';
import { Field, NumberField, TextField } from './fields.tsx';
import { closedPointers, type Faults, type Form } from './model.ts';

interface Props {
  form: Form;
  faults: Faults;
  onChange: (change: Partial<Form>) => void;
}

export function PolicyFields({ form, faults, onChange }: Props) {
  return (
    <>
      <Field label="Threshold" hint="The job is done at this score." fault={faults['/policy/threshold']}>
        {(ids) => (
          <div className="flex items-center gap-3">
            <input
              {...ids}
              type="range"
              min={0.5}
              max={1}
              step={0.005}
              value={form.threshold}
              onChange={(event) => onChange({ threshold: Number(event.target.value) })}
              className="h-6 min-w-0 flex-1"
            />
            <input
              type="number"
              min={0}
              max={1}
              step={0.001}
              aria-label="Threshold as a number"
              value={form.threshold}
              onChange={(event) => onChange({ threshold: Number(event.target.value) })}
              className="field tabular w-22 text-right"
            />
          </div>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <NumberField
          label="Iterations"
          hint="At most, the draft included."
          value={form.maxIterations}
          onValue={(maxIterations) => onChange({ maxIterations })}
          fault={faults['/policy/maxIterations']}
        />
        <NumberField
          label="Candidates"
          hint="Replies an iteration."
          value={form.candidates}
          onValue={(candidates) => onChange({ candidates })}
          fault={faults['/policy/candidates']}
        />
      </div>
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Budget</legend>
        <div className="grid grid-cols-3 gap-4">
          <NumberField
            label="Tokens"
            placeholder="no limit"
            value={form.maxTokens}
            onValue={(maxTokens) => onChange({ maxTokens })}
            fault={faults['/budget/maxTokens']}
          />
          <NumberField
            label="Seconds"
            placeholder="no limit"
            value={form.maxSeconds}
            onValue={(maxSeconds) => onChange({ maxSeconds })}
            fault={faults['/budget/maxSeconds']}
          />
          <NumberField
            label="US dollars"
            placeholder="no limit"
            value={form.maxCost}
            onValue={(maxCost) => onChange({ maxCost })}
            fault={faults['/budget/maxCost']}
          />
        </div>
      </fieldset>
    </>
  );
}

/** What few need: closed, unless something in it is at fault. */
export function MoreFields({ form, faults, onChange, placeholder }: Props & { placeholder: string }) {
  const [open, setOpen] = useState(false);
  const faulty = closedPointers.some((pointer) => faults[pointer]);
  useEffect(() => {
    if (faulty) setOpen(true);
  }, [faulty]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="border-y py-3">
      <summary className="font-medium">More</summary>
      <div className="mt-4 flex flex-col gap-4">
        <TextField
          label="Name"
          hint={placeholder ? `Else ${placeholder}.` : undefined}
          value={form.name}
          onValue={(name) => onChange({ name })}
          fault={faults['/name']}
        />
        <TextField
          label="Instructions"
          rows={3}
          hint="Words for the model, beside the image."
          value={form.instructions}
          onValue={(instructions) => onChange({ instructions })}
          fault={faults['/instructions']}
        />
        <TextField
          label="Your own first code"
          rows={5}
          mono
          hint="Refined instead of a draft."
          value={form.code}
          onValue={(code) => onChange({ code })}
          fault={faults['/code']}
        />
        <Field
          label="Threshold reads"
          hint="Candidates are ranked by the overall score whatever it is."
          fault={faults['/policy/profile']}
        >
          {(ids) => (
            <select
              {...ids}
              value={form.profile}
              onChange={(event) => onChange({ profile: event.target.value as RewardProfile })}
              className="field w-full"
            >
              {rewardProfiles.map((profile) => (
                <option key={profile} value={profile}>
                  {rewardTermNames[profile]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <NumberField
            label="Patience"
            hint="Iterations without a gain."
            value={form.patience}
            onValue={(patience) => onChange({ patience })}
            fault={faults['/policy/patience']}
          />
          <NumberField
            label="Patches"
            hint="In one refine prompt."
            value={form.patches}
            onValue={(patches) => onChange({ patches })}
            fault={faults['/policy/patches']}
          />
          <NumberField
            label="Smallest gain"
            hint="In overall score."
            value={form.minGain}
            onValue={(minGain) => onChange({ minGain })}
            fault={faults['/policy/minGain']}
          />
          <NumberField
            label="Rewrite below"
            hint="Score under which code is written anew."
            value={form.rewriteBelow}
            onValue={(rewriteBelow) => onChange({ rewriteBelow })}
            fault={faults['/policy/rewriteBelow']}
          />
          <NumberField
            label="Repairs"
            hint="In a row, for code that does not render."
            value={form.repairs}
            onValue={(repairs) => onChange({ repairs })}
            fault={faults['/policy/repairs']}
          />
          <NumberField
            label="Reply limit"
            hint="Tokens."
            value={form.maxOutputTokens}
            onValue={(maxOutputTokens) => onChange({ maxOutputTokens })}
            fault={faults['/policy/maxOutputTokens']}
          />
          <NumberField
            label="Temperature"
            placeholder="the model’s own"
            value={form.temperature}
            onValue={(temperature) => onChange({ temperature })}
            fault={faults['/policy/temperature']}
          />
          <NumberField
            label="Seed"
            placeholder="none"
            value={form.seed}
            onValue={(seed) => onChange({ seed })}
            fault={faults['/policy/seed']}
          />
        </div>
      </div>
    </details>
  );
}
