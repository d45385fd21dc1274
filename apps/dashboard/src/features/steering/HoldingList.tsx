'use client';

import type { Box, Intervention } from '@pentimento/contracts';
import { Button } from '../../ui/Button.tsx';
import { holdsWords, kindWords, openInterventions } from './model.ts';
import type { Steering } from './useSteering.ts';

/** The interventions that hold or wait, each with the button that withdraws it. */
export function HoldingList({ steering: { interventions, withdraw, saving } }: { steering: Steering }) {
  const open = openInterventions(interventions);
  if (open.length === 0) return <p className="text-sm text-muted">Nothing.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {open.map((intervention) => (
        <li key={intervention.id} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <p className="wrap-anywhere">
              <span className="font-medium">{kindWords[intervention.kind]}</span> <Subject of={intervention} />
            </p>
            <p className="tabular text-xs text-muted">{holdsWords(intervention)}</p>
          </div>
          <Button
            className="h-7 px-2.5"
            disabled={saving}
            aria-label={`Withdraw: ${kindWords[intervention.kind]} ${subjectWords(intervention)}`}
            onClick={() => withdraw(intervention.id)}
          >
            Withdraw
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Subject({ of }: { of: Intervention }) {
  if (of.kind !== 'fix') return <span className="tabular">{subjectWords(of)}</span>;
  return (
    <>
      {of.words} <span className="tabular text-muted">({boxWords(of.box)})</span>
    </>
  );
}

function subjectWords(intervention: Intervention): string {
  switch (intervention.kind) {
    case 'fix':
    case 'lock':
      return boxWords(intervention.box);
    case 'edit':
    case 'branch':
      return `candidate …${intervention.candidate.slice(-6)}`;
    case 'continue':
      return '';
  }
}

const boxWords = ({ x, y, width, height }: Box): string => `${x}, ${y} · ${width} × ${height}`;
