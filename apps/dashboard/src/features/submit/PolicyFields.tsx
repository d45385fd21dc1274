'use client';

import { useEffect, useState } from 'react';
import type { FieldErrors } from '../../ui/fieldErrors.ts';
import { Field, NumberField, TextField } from '../../ui/fields.tsx';
import { isClosed, type Form } from './model.ts';
import { ThresholdFields } from './ThresholdFields.tsx';

interface Props {
  form: Form;
  errors: FieldErrors;
  onChange: (change: Partial<Form>) => void;
}

export function PolicyFields({ form, errors, onChange }: Props) {
  return (
    <>
      <Field label="Threshold" hint="The job is done at this score." error={errors['/policy/threshold']}>
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
          error={errors['/policy/maxIterations']}
        />
        <NumberField
          label="Candidates"
          hint="Replies per iteration."
          value={form.candidates}
          onValue={(candidates) => onChange({ candidates })}
          error={errors['/policy/candidates']}
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
            error={errors['/budget/maxTokens']}
          />
          <NumberField
            label="Seconds"
            placeholder="no limit"
            value={form.maxSeconds}
            onValue={(maxSeconds) => onChange({ maxSeconds })}
            error={errors['/budget/maxSeconds']}
          />
          <NumberField
            label="US dollars"
            placeholder="no limit"
            value={form.maxCost}
            onValue={(maxCost) => onChange({ maxCost })}
            error={errors['/budget/maxCost']}
          />
        </div>
      </fieldset>
    </>
  );
}

/** What few need: closed, unless something in it is at error. */
export function MoreFields({ form, errors, onChange, placeholder }: Props & { placeholder: string }) {
  const [open, setOpen] = useState(false);
  const invalid = Object.keys(errors).some(isClosed);
  useEffect(() => {
    if (invalid) setOpen(true);
  }, [invalid]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="border-y py-3">
      <summary className="font-medium">More</summary>
      <div className="mt-4 flex flex-col gap-4">
        <TextField
          label="Name"
          hint={placeholder ? `Else ${placeholder}.` : undefined}
          value={form.name}
          onValue={(name) => onChange({ name })}
          error={errors['/name']}
        />
        <TextField
          label="Instructions"
          rows={3}
          hint="More instructions for the model."
          value={form.instructions}
          onValue={(instructions) => onChange({ instructions })}
          error={errors['/instructions']}
        />
        <TextField
          label="Your own initial code"
          rows={5}
          mono
          hint="Refined instead of a draft."
          value={form.code}
          onValue={(code) => onChange({ code })}
          error={errors['/code']}
        />
        <ThresholdFields form={form} errors={errors} onChange={onChange} />
        <div className="grid grid-cols-2 gap-4">
          <NumberField
            label="Patience"
            hint="Iterations without a gain."
            value={form.patience}
            onValue={(patience) => onChange({ patience })}
            error={errors['/policy/patience']}
          />
          <NumberField
            label="Patches"
            hint="In one refine prompt."
            value={form.patches}
            onValue={(patches) => onChange({ patches })}
            error={errors['/policy/patches']}
          />
          <NumberField
            label="Smallest gain"
            hint="In overall score."
            value={form.minGain}
            onValue={(minGain) => onChange({ minGain })}
            error={errors['/policy/minGain']}
          />
          <NumberField
            label="Text loss"
            hint="Most that a gain may lose; 1 allows any."
            value={form.maxTextLoss}
            onValue={(maxTextLoss) => onChange({ maxTextLoss })}
            error={errors['/policy/maxTextLoss']}
          />
          <NumberField
            label="Tile loss"
            hint="Most that the worst tile may lose; 1 allows any."
            value={form.maxTileLoss}
            onValue={(maxTileLoss) => onChange({ maxTileLoss })}
            error={errors['/policy/maxTileLoss']}
          />
          <NumberField
            label="Locked loss"
            hint="Most that a locked region may lose; 1 allows any."
            value={form.maxLockedLoss}
            onValue={(maxLockedLoss) => onChange({ maxLockedLoss })}
            error={errors['/policy/maxLockedLoss']}
          />
          <NumberField
            label="Bitmap share"
            hint="Most of its area that embedded bitmaps may cover; 1 allows any."
            value={form.maxBitmapShare}
            onValue={(maxBitmapShare) => onChange({ maxBitmapShare })}
            error={errors['/policy/maxBitmapShare']}
          />
          <NumberField
            label="Rewrite below"
            hint="Score below which code is rewritten from scratch."
            value={form.rewriteBelow}
            onValue={(rewriteBelow) => onChange({ rewriteBelow })}
            error={errors['/policy/rewriteBelow']}
          />
          <NumberField
            label="Repairs"
            hint="In a row, for code that does not render."
            value={form.repairs}
            onValue={(repairs) => onChange({ repairs })}
            error={errors['/policy/repairs']}
          />
          <NumberField
            label="Reply limit"
            hint="Tokens."
            value={form.maxOutputTokens}
            onValue={(maxOutputTokens) => onChange({ maxOutputTokens })}
            error={errors['/policy/maxOutputTokens']}
          />
          <NumberField
            label="Temperature"
            placeholder="the model’s own"
            value={form.temperature}
            onValue={(temperature) => onChange({ temperature })}
            error={errors['/policy/temperature']}
          />
          <NumberField
            label="Seed"
            placeholder="none"
            value={form.seed}
            onValue={(seed) => onChange({ seed })}
            error={errors['/policy/seed']}
          />
        </div>
      </div>
    </details>
  );
}
