'use client';

import type { Job, Tag } from '@pentimento/contracts';
import { ArrowRight, X } from 'lucide-react';
import Link from 'next/link';
import { blobUrl, jobUrl } from '../../api/client.ts';
import { buttonLook, IconButton } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatChange, formatScore, formatSize, formatThreshold } from '../../ui/format.ts';
import { useLanguage } from '../../ui/languages.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { Age, Elapsed } from '../../ui/Time.tsx';
import { jobResult } from '../trajectory/model.ts';
import { DeleteJob } from '../deletion/DeleteJob.tsx';
import { gainOf } from './model.ts';
import { Sparkline } from './Sparkline.tsx';

/** A job at a glance, next to the list. */
export function PeekPanel({
  job,
  onClose,
  onTag,
}: {
  job: Job;
  onClose: () => void;
  /** Filters the list by a tag. */
  onTag: (tag: Tag) => void;
}) {
  const result = jobResult(job);
  const gain = gainOf(job);
  const language = useLanguage(job.language);
  const { target, best } = job;
  return (
    <aside
      aria-label={`Job ${job.name}`}
      data-testid="peek"
      className="z-20 flex flex-col overflow-auto border-l bg-panel max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:w-[min(400px,100vw)] max-lg:shadow-(--shadow) lg:sticky lg:top-0 lg:h-[calc(100dvh-48px)] lg:w-[400px] lg:shrink-0"
    >
      <header className="flex items-center gap-2 border-b py-1.5 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold" title={job.name}>
          {job.name}
        </h2>
        <Link href={jobUrl(job.id)} className={buttonLook('plain')}>
          Open <ArrowRight size={14} aria-hidden />
        </Link>
        <DeleteJob job={job} onDeleted={onClose} />
        <IconButton name="Close (Esc)" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div className="flex flex-col gap-px bg-line">
        <Figure
          caption={`Target, ${formatSize(target)}${target.deviceScale === 1 ? '' : `, ${target.deviceScale}x`}`}
          image={target.image}
        />
        {best ? (
          <Figure caption={`Best, iteration ${best.iteration}`} image={best.image} />
        ) : (
          <p className="bg-surround p-4 text-muted">
            {job.finishedAt ? 'Nothing rendered.' : 'Nothing has rendered yet.'}
          </p>
        )}
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 border-t p-4 [&_dt]:text-muted">
        <dt>Status</dt>
        <dd>
          <StatusMark status={job.status} outcome={job.outcome} />
          {result && <span className="mt-0.5 block text-muted">{result.detail}</span>}
        </dd>
        <dt>Score</dt>
        <dd className="tabular">
          {best ? formatScore(best.overall, job.policy.threshold) : 'none'}
          {gain !== null && <span className="ml-2 text-muted">{formatChange(gain)} since the first</span>}
          <span className="mt-1 block">
            <Sparkline
              scores={job.scores}
              threshold={job.policy.threshold}
              iterations={job.policy.maxIterations}
              width={240}
            />
          </span>
        </dd>
        <dt>Threshold</dt>
        <dd className="tabular">{formatThreshold(job.policy)}</dd>
        <dt>Iterations</dt>
        <dd className="tabular">
          {job.scores.length} of {job.policy.maxIterations}
          {job.policy.candidates > 1 && `, ${job.policy.candidates} candidates each`}
        </dd>
        <dt>Language</dt>
        <dd>{language.title}</dd>
        <dt>Model</dt>
        <dd className="min-w-0 font-mono text-xs/5 break-words">{job.model}</dd>
        {job.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd className="flex min-w-0 flex-wrap gap-1">
              {job.tags.map((tag) => (
                <button
                  key={tag}
                  type="button"
                  onClick={() => onTag(tag)}
                  title={`Jobs with the tag ${tag}`}
                  className="h-[24px] max-w-full truncate rounded border border-edge px-2 text-xs hover:bg-hover"
                >
                  {tag}
                </button>
              ))}
            </dd>
          </>
        )}
        <dt>Submitted</dt>
        <dd>
          <Age at={job.createdAt} ago />
          {job.startedAt && (
            <span className="text-muted">
              {job.finishedAt ? ', took ' : ', running for '}
              <Elapsed from={job.startedAt} to={job.finishedAt} />
            </span>
          )}
        </dd>
        <dt>Id</dt>
        <dd className="flex min-w-0 items-center gap-1">
          <span className="truncate font-mono text-xs" title={job.id}>
            {job.id}
          </span>
          <CopyButton text={job.id} name="Copy the id" />
        </dd>
      </dl>
    </aside>
  );
}

function Figure({ caption, image }: { caption: string; image: string }) {
  return (
    <figure className="m-0 bg-surround">
      <div className="flex h-48 items-center justify-center p-3">
        <img src={blobUrl(image, 768)} alt={caption} className="max-h-full max-w-full object-contain" />
      </div>
      <figcaption className="tabular bg-panel px-4 py-1 text-xs text-muted">{caption}</figcaption>
    </figure>
  );
}
