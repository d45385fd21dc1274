'use client';

import { isFinal, type Candidate, type Job } from '@pentimento/contracts';
import type { ReactNode } from 'react';
import { problemOf } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { FieldError } from '../../ui/fields.tsx';
import { HoldingList } from './HoldingList.tsx';
import type { Marking } from './marking.ts';
import { RegionForm } from './RegionForm.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import type { Steering } from './useSteering.ts';

interface Props {
  job: Job;
  candidate: Candidate | null;
  steering: Steering;
  marking: Marking;
}

/** What a person wants of the job: regions, another branch, other settings. */
export function SteerTab({ job, candidate, steering, marking }: Props) {
  const { error, saving } = steering;
  const rendered = candidate?.render?.status === 'ok';
  const when = isFinal(job.status)
    ? 'The job has ended: regions and branches hold once it goes on.'
    : 'All of it holds from the next round on.';
  return (
    <div data-testid="steer" className="flex flex-col">
      <p className="px-3 pt-3 text-xs text-muted">{when}</p>
      {error !== null && (
        <div className="px-3 pt-2">
          <FieldError text={problemOf(error).detail} />
        </div>
      )}
      <Section title="Region">
        <RegionForm job={job} steering={steering} marking={marking} />
      </Section>
      <Section title="What holds">
        <HoldingList steering={steering} />
      </Section>
      {candidate && (
        <Section title={`Iteration ${candidate.iteration}`}>
          <div className="flex flex-wrap items-center gap-2">
            <Button
              disabled={!rendered || saving}
              onClick={() => void steering.add({ kind: 'branch', candidate: candidate.id })}
            >
              Go on from here
            </Button>
            <span className="text-xs text-muted">
              {rendered ? 'Instead of the best.' : 'It did not render: edit its code in the Code tab.'}
            </span>
          </div>
        </Section>
      )}
      <Section title="Other settings">
        <SettingsForm key={`${job.id} ${job.status}`} job={job} candidate={candidate} steering={steering} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2 border-b p-3 last:border-b-0">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
