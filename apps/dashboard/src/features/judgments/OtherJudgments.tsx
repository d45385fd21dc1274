import type { Candidate, Judgment } from '@pentimento/contracts';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Age } from '../../ui/Time.tsx';
import { authorWords, othersOn, statementWords } from './model.ts';

interface Props {
  name: string;
  candidate: string;
  all: readonly Candidate[];
  current: readonly Judgment[];
}

/** The button that shows what other people and models said about the candidate. Absent where they said nothing. */
export function OtherJudgments({ name, candidate, all, current }: Props) {
  const [open, setOpen] = useState(false);
  const others = othersOn(current, candidate);
  if (others.length === 0) return null;
  const count = others.length === 1 ? '1 judgment' : `${others.length} judgments`;
  return (
    <>
      <Button
        kind="quiet"
        onClick={() => setOpen(true)}
        aria-label={`${count} of others`}
        title={`${count} of others`}
        className="tabular h-7 gap-1! px-1.5 text-sm!"
      >
        <Users size={14} aria-hidden /> {others.length}
      </Button>
      <Dialog title={`Other judgments of ${name}`} open={open} onClose={() => setOpen(false)}>
        <ul className="flex flex-col gap-3">
          {others.map((judgment) => (
            <li key={judgment.id} className="min-w-0">
              <p className="flex min-w-0 flex-wrap gap-x-2">
                <strong className="min-w-0 font-semibold break-words" dir="auto">
                  {authorWords(judgment.author)}
                </strong>
                {statementWords(judgment, candidate, all)}
                <span className="text-muted">
                  <Age at={judgment.createdAt} ago />
                </span>
              </p>
              {judgment.note !== '' && (
                <p className="break-words whitespace-pre-wrap text-muted" dir="auto">
                  {judgment.note}
                </p>
              )}
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
