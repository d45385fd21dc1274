import type { Job } from '@pentimento/contracts';
import { Download } from 'lucide-react';
import { blobUrl } from '../../api/client.ts';
import { buttonLook } from '../../ui/Button.tsx';
import { useLanguage } from '../../ui/languages.ts';
import { StatusShape, stopWord } from '../../ui/StatusMark.tsx';
import { jobResult, readOfBest, type Step } from './model.ts';

/** How the job ended, in words, with its code to download. */
export function JobResult({ job, steps }: { job: Job; steps: readonly Step[] }) {
  const { fileExtension } = useLanguage(job.language);
  const result = jobResult(job, readOfBest(job, steps));
  if (!result) return null;
  return (
    <section
      aria-label="How the job ended"
      data-testid="job-result"
      className="flex shrink-0 flex-wrap items-start gap-x-3 gap-y-1 border-b bg-panel px-3 py-1.5"
    >
      <div className="flex min-w-0 flex-1 basis-72 items-baseline gap-2 py-1">
        <span className="self-center max-sm:self-start max-sm:pt-1">
          <StatusShape status={job.status} outcome={job.outcome} />
        </span>
        <div
          className="max-h-24 min-w-0 overflow-auto whitespace-pre-wrap"
          tabIndex={0}
          role="group"
          aria-label="Reason"
        >
          <strong className="font-semibold">{result.title}</strong>
          <span className="text-muted">
            . {result.detail || (job.stopReason && `Stopped: ${stopWord(job.stopReason)}.`)} {result.advice}
          </span>
        </div>
      </div>
      {job.best && (
        <a
          className={buttonLook('plain')}
          href={blobUrl(job.best.code)}
          download={`${job.name.replace(/\.\w+$/, '')}.${fileExtension}`}
        >
          <Download size={14} aria-hidden /> Best code
        </a>
      )}
    </section>
  );
}
