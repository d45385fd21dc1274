'use client';

import { useMutation } from '@tanstack/react-query';
import { isFinal, type Candidate, type Job } from '@pentimento/contracts';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api, jobUrl, problemOf } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { errorsOfProblem, type FieldErrors } from '../../ui/fieldErrors.ts';
import { FieldError, NumberField } from '../../ui/fields.tsx';
import { ModelField } from '../submit/ModelField.tsx';
import { changesOf, settingsErrors, settingsOf, type SettingsForm as Form } from './model.ts';
import type { Steering } from './useSteering.ts';

const numbers = [
  { field: 'threshold', label: 'Threshold', pointer: '/policy/threshold' },
  { field: 'maxIterations', label: 'Iterations', pointer: '/policy/maxIterations' },
  { field: 'patience', label: 'Patience', pointer: '/policy/patience' },
  { field: 'maxTokens', label: 'Tokens', pointer: '/budget/maxTokens' },
  { field: 'maxSeconds', label: 'Seconds', pointer: '/budget/maxSeconds' },
  { field: 'maxCost', label: 'US dollars', pointer: '/budget/maxCost' },
] as const;

/** Other settings: to let an ended job go on, or for a new job from an iteration or from the beginning. */
export function SettingsForm({
  job,
  candidate,
  steering,
}: {
  job: Job;
  candidate: Candidate | null;
  steering: Steering;
}) {
  const router = useRouter();
  const [form, setForm] = useState<Form>(() => settingsOf(job));
  const [errors, setErrors] = useState<FieldErrors>({});
  const fork = useMutation({
    mutationFn: (from: string | null) => api.forkJob(job.id, { ...changesOf(form, job), candidate: from }),
    networkMode: 'always',
    onSuccess: ({ id }) => router.push(jobUrl(id)),
    onError: (error) => setErrors(errorsOfProblem(problemOf(error))),
  });
  const checked = (act: () => void) => () => {
    const found = settingsErrors(changesOf(form, job));
    setErrors(found);
    if (Object.keys(found).length === 0) act();
  };
  const busy = fork.isPending || steering.saving;
  return (
    <>
      <ModelField value={form.model} error={errors['/model']} onValue={(model) => setForm({ ...form, model })} />
      <div className="grid grid-cols-3 gap-2">
        {numbers.map(({ field, label, pointer }) => (
          <NumberField
            key={field}
            label={label}
            placeholder="no limit"
            value={form[field]}
            onValue={(value) => setForm({ ...form, [field]: value })}
            error={errors[pointer]}
          />
        ))}
      </div>
      {fork.error && <FieldError text={problemOf(fork.error).detail} />}
      <div className="flex flex-wrap gap-2">
        {isFinal(job.status) && (
          <Button
            kind="solid"
            disabled={busy}
            onClick={checked(() => void steering.add({ kind: 'continue', ...changesOf(form, job) }))}
          >
            Continue
          </Button>
        )}
        {candidate?.code && (
          <Button disabled={busy} onClick={checked(() => fork.mutate(candidate.id))}>
            Fork from iteration {candidate.iteration}
          </Button>
        )}
        <Button disabled={busy} onClick={checked(() => fork.mutate(null))}>
          Duplicate
        </Button>
      </div>
    </>
  );
}
