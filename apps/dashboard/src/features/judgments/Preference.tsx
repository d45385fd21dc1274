'use client';

import type { Candidate, Judgment } from '@pentimento/contracts';
import clsx from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { ToggleButton } from '../../ui/ToggleButton.tsx';
import { candidateName, isPreferred, rivalLabel, rivalOf, togglePreference, type Decide } from './model.ts';

interface Props {
  candidate: Candidate;
  all: readonly Candidate[];
  likely: readonly (string | null)[];
  current: readonly Judgment[];
  loaded: boolean;
  onSave: (decide: Decide) => unknown;
}

/** Says that a candidate is better or worse than another one of the job. Absent while there is no other. */
export function Preference({ candidate: { id }, all, likely, current, loaded, onSave }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  // What is newly shown beside the candidate is what a preference is about.
  useEffect(() => setChosen(null), [likely[0]]);
  const rival = rivalOf(id, all, chosen, likely);
  const prefer = () => rival && onSave(togglePreference(id, rival.id));
  const preferOther = () => rival && onSave(togglePreference(rival.id, id));
  useKeys('trajectory', { better: prefer, worse: preferOther });
  if (!rival) return null;
  const name = candidateName(rival, all);
  const several = all.some(({ index }) => index > 0);
  return (
    <div role="group" aria-label="Preference" className="flex min-w-0 items-center gap-1">
      <ToggleButton
        pressed={isPreferred(current, id, rival.id)}
        onClick={prefer}
        disabled={!loaded}
        aria-label={`Better than ${name}`}
        title="Better (>)"
      >
        <ArrowUp size={14} aria-hidden /> Better
      </ToggleButton>
      <ToggleButton
        pressed={isPreferred(current, rival.id, id)}
        onClick={preferOther}
        disabled={!loaded}
        aria-label={`Worse than ${name}`}
        title="Worse (<)"
      >
        <ArrowDown size={14} aria-hidden /> Worse
      </ToggleButton>
      <label className="flex min-w-0 items-center gap-1 pl-1 text-sm">
        <span className="whitespace-nowrap text-muted">
          than<span className="max-sm:hidden"> iteration</span>
        </span>
        <select
          aria-label="The other candidate"
          value={rival.id}
          onChange={(event) => setChosen(event.target.value)}
          className={clsx('field h-7! truncate px-1! text-sm!', several ? 'w-50' : 'w-26')}
        >
          {all
            .filter((other) => other.id !== id)
            .map((other) => (
              <option key={other.id} value={other.id}>
                {rivalLabel(other, all, current, id)}
              </option>
            ))}
        </select>
      </label>
    </div>
  );
}
