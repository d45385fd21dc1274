'use client';

import type { Candidate } from '@pentimento/contracts';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { ToggleButton } from '../../ui/ToggleButton.tsx';
import { JudgmentFailures } from './JudgmentFailures.tsx';
import { candidateName, ownJudgment, statementWords, toggleVerdict, type Decide } from './model.ts';
import { Note } from './Note.tsx';
import { OtherJudgments } from './OtherJudgments.tsx';
import { Preference } from './Preference.tsx';
import type { Judgments } from './useJudgments.ts';

interface Props {
  candidate: Candidate;
  /** All finished candidates of the job, in order. */
  all: readonly Candidate[];
  /** The candidates that a preference is most likely about, e.g. the one that is shown beside this one. */
  likely: readonly (string | null)[];
  judgments: Judgments;
}

/** Judges the selected candidate: accept or reject, better or worse than another one, a note. */
export function JudgmentBar({ candidate, all, likely, judgments }: Props) {
  const { current, loaded } = judgments;
  const [announced, setAnnounced] = useState('');
  const { id } = candidate;
  const name = candidateName(candidate, all);
  const own = ownJudgment(current, id);
  const save = (decide: Decide): Promise<boolean> =>
    judgments.save((known) => {
      const change = decide(known);
      setAnnounced(`${name}: ${change.withdrawn ? 'withdrawn' : statementWords(change, id, all)}`);
      return change;
    });
  const accept = () => void save(toggleVerdict(id, 'accept'));
  const reject = () => void save(toggleVerdict(id, 'reject'));
  useKeys('trajectory', { accept, reject });
  return (
    <section
      aria-label={`Judgment of ${name}`}
      data-testid="judgment"
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-t px-2 py-1.5"
    >
      <span aria-hidden className="text-sm text-muted first-letter:uppercase">
        {name}
      </span>
      <div className="flex items-center gap-1" role="group" aria-label="Verdict">
        <ToggleButton pressed={own.verdict === 'accept'} onClick={accept} disabled={!loaded} title="Accept (a)">
          <ThumbsUp size={14} aria-hidden /> Accept
        </ToggleButton>
        <ToggleButton pressed={own.verdict === 'reject'} onClick={reject} disabled={!loaded} title="Reject (r)">
          <ThumbsDown size={14} aria-hidden /> Reject
        </ToggleButton>
      </div>
      <Preference candidate={candidate} all={all} likely={likely} current={current} loaded={loaded} onSave={save} />
      <Note name={name} candidate={id} own={own} loaded={loaded} onSave={save}>
        <OtherJudgments name={name} candidate={id} all={all} current={current} />
      </Note>
      <JudgmentFailures judgments={judgments} all={all} />
      <p role="status" className="sr-only">
        {announced}
      </p>
    </section>
  );
}
