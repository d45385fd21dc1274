import type { Candidate } from '@pentimento/contracts';
import { TriangleAlert } from 'lucide-react';
import { problemOf } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { candidateName } from './model.ts';
import type { Judgments } from './useJudgments.ts';

/** What could not be loaded or saved, and the way to try again. */
export function JudgmentFailures({
  judgments: { loadError, reload, failure, save },
  all,
}: {
  judgments: Judgments;
  all: readonly Candidate[];
}) {
  const candidate = failure && all.find(({ id }) => id === failure.change.candidate);
  const name = candidate ? candidateName(candidate, all) : 'a candidate';
  return (
    <>
      {Boolean(loadError) && <Failed title="The judgments could not be loaded." error={loadError} onRetry={reload} />}
      {failure && (
        <Failed
          title={`The judgment of ${name} is not saved.`}
          error={failure.error}
          onRetry={() => void save(() => failure.change)}
        />
      )}
    </>
  );
}

function Failed({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  return (
    <div role="alert" className="flex basis-full flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <p className="flex min-w-0 flex-1 basis-72 items-start gap-1.5 break-words">
        <TriangleAlert size={14} aria-hidden className="mt-[3px] shrink-0" />
        <span className="min-w-0">
          {title} {problemOf(error).detail}
        </span>
      </p>
      <Button className="h-7 px-2" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
