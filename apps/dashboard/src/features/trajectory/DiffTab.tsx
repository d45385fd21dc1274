'use client';

import { useQuery } from '@tanstack/react-query';
import type { Candidate } from '@pentimento/contracts';
import clsx from 'clsx';
import { useMemo, useState } from 'react';
import { textBlobQuery } from '../../api/queries.ts';
import { Failure, Nothing } from '../../ui/Notice.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { countChanges, diffOf, type DiffLine } from './diff.ts';
import { against, baseOf, type Against, type Step } from './model.ts';

const labels: Record<Against, string> = {
  parent: 'what the prompt showed',
  previous: 'iteration before',
  best: 'best',
};

/** What changed in the code since another candidate. */
export function DiffTab({
  steps,
  candidate,
  best,
}: {
  steps: readonly Step[];
  candidate: Candidate;
  best: string | null;
}) {
  const [choice, setChoice] = useState<Against>('parent');
  const base = baseOf(steps, candidate, choice, best);
  return (
    <div data-testid="diff">
      <div className="sticky top-0 z-10 flex flex-wrap items-center gap-x-2 border-b bg-panel px-3 py-1 text-xs text-muted">
        Against
        <Segmented
          name="Diff against"
          selected={choice}
          onSelect={setChoice}
          options={against.map((id) => ({ id, label: labels[id] }))}
        />
      </div>
      <Content candidate={candidate} base={base} />
    </div>
  );
}

function Content({ candidate, base }: { candidate: Candidate; base: Candidate | null }) {
  if (base === null) return <Nothing>There is nothing before this code to compare it with.</Nothing>;
  if (base.id === candidate.id) return <Nothing>This is that code itself.</Nothing>;
  if (!candidate.code || !base.code) return <Nothing>One of the two replies has no usable code.</Nothing>;
  return <LoadedDiff before={base.code} after={candidate.code} from={base.iteration} to={candidate.iteration} />;
}

function LoadedDiff({ before, after, from, to }: { before: string; after: string; from: number; to: number }) {
  const old = useQuery(textBlobQuery(before));
  const now = useQuery(textBlobQuery(after));
  const error = old.error ?? now.error;
  const hunks = useMemo(
    () => (old.data === undefined || now.data === undefined ? undefined : diffOf(old.data, now.data)),
    [old.data, now.data],
  );
  if (error) return <Failure title="The code could not be loaded" error={error} />;
  if (hunks === undefined) return <Nothing>Loading the code.</Nothing>;
  if (hunks === null) return <Nothing>The two are too different for a diff. Look at the code itself.</Nothing>;
  if (hunks.length === 0)
    return (
      <Nothing>
        The code of iteration {from} and of iteration {to} is the same.
      </Nothing>
    );
  const { added, removed } = countChanges(hunks);
  return (
    <>
      <p className="tabular px-3 py-2 text-xs text-muted">
        Iteration {from} → {to}: {added} {added === 1 ? 'line' : 'lines'} added, {removed} removed
      </p>
      {hunks.map((hunk, index) => (
        <div
          key={index}
          className="border-t py-1 font-mono text-xs [contain-intrinsic-size:auto_200px] [content-visibility:auto]"
        >
          {hunk.lines.map((line, at) => (
            <Line key={at} line={line} />
          ))}
        </div>
      ))}
    </>
  );
}

const signs = { added: '+', removed: '−', kept: ' ' };

function Line({ line }: { line: DiffLine }) {
  return (
    <div className={clsx('flex', line.kind === 'added' && 'bg-added', line.kind === 'removed' && 'bg-removed')}>
      <span className="tabular w-9 shrink-0 pr-1 text-right text-muted select-none">{line.before}</span>
      <span className="tabular w-9 shrink-0 pr-1 text-right text-muted select-none">{line.after}</span>
      <span className="w-4 shrink-0 text-center select-none">
        <span aria-hidden>{signs[line.kind]}</span>
        {line.kind !== 'kept' && <span className="sr-only">{line.kind}</span>}
      </span>
      <span className="min-w-0 flex-1 pr-3 wrap-anywhere whitespace-pre-wrap">{line.text}</span>
    </div>
  );
}
