'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isCancelable, isRetryable, type Job } from '@pentimento/contracts';
import { ChevronLeft, Link2, Tag } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { api, problemOf } from '../../api/client.ts';
import { jobQuery } from '../../api/queries.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { copyText } from '../../ui/CopyButton.tsx';
import { formatScore, formatThreshold } from '../../ui/format.ts';
import { useLanguage } from '../../ui/languages.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { Elapsed } from '../../ui/Time.tsx';
import { DeleteJob } from '../deletion/DeleteJob.tsx';
import { TagEditor } from '../tags/TagEditor.tsx';
import type { Connection } from './useEvents.ts';

export function JobBar({
  job,
  connection,
  done,
  link,
}: {
  job: Job;
  connection: Connection;
  done: number;
  link: () => string;
}) {
  const language = useLanguage(job.language);
  const router = useRouter();
  const [adding, setAdding] = useState(false);
  const tagButton = useRef<HTMLButtonElement>(null);
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="flex min-w-0 items-center gap-x-3 max-md:basis-full md:max-w-[36vw]">
        <Link href="/" className="-ml-1 flex h-8 shrink-0 items-center rounded pr-2 text-muted hover:text-ink">
          <ChevronLeft size={16} aria-hidden /> Jobs
        </Link>
        <h1 className="min-w-0 truncate font-semibold" title={job.name}>
          {job.name}
        </h1>
        <span className="shrink-0 whitespace-nowrap text-muted">
          <span aria-hidden>→ </span>
          <span className="sr-only">to </span>
          {language.title}
        </span>
      </div>
      <span className="min-w-0 truncate font-mono text-sm text-muted max-lg:hidden" title={job.model}>
        {job.model}
      </span>
      <StatusMark status={job.status} outcome={job.outcome} />
      <span className="tabular whitespace-nowrap text-muted" data-testid="progress">
        {done} of {job.policy.maxIterations} iterations
      </span>
      {job.best && (
        <span className="tabular whitespace-nowrap" data-testid="best">
          best <strong className="font-semibold">{formatScore(job.best.overall, job.policy.threshold)}</strong>
          <span className="text-muted max-sm:hidden">, threshold {formatThreshold(job.policy)}</span>
        </span>
      )}
      {job.startedAt && (
        <span className="text-muted max-xl:hidden">
          <span className="sr-only">Elapsed </span>
          <Elapsed from={job.startedAt} to={job.finishedAt} />
        </span>
      )}
      <div className="ml-auto flex items-center gap-2">
        <ConnectionState connection={connection} />
        <IconButton ref={tagButton} name="Add a tag" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          <Tag size={16} aria-hidden />
        </IconButton>
        <CopyLink link={link} />
        <JobAction job={job} />
        <DeleteJob job={job} onDeleted={() => router.replace('/')} />
      </div>
      <TagEditor
        job={job}
        adding={adding}
        onClose={() => {
          setAdding(false);
          tagButton.current?.focus();
        }}
      />
    </div>
  );
}

const connectionWords: Record<Connection, string> = {
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  done: 'done',
  outdated: 'reload the page',
};

function ConnectionState({ connection }: { connection: Connection }) {
  return (
    <span
      className="flex items-center gap-1.5 text-xs whitespace-nowrap text-muted"
      data-testid="connection"
      data-connection={connection}
      title="The connection that brings new iterations"
    >
      <svg
        viewBox="0 0 8 8"
        width={8}
        height={8}
        aria-hidden
        className={connection === 'live' ? 'text-accent' : 'text-muted'}
      >
        <circle
          cx={4}
          cy={4}
          r={3}
          fill={connection === 'live' ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth={1.5}
        />
      </svg>
      {connectionWords[connection]}
    </span>
  );
}

function CopyLink({ link }: { link: () => string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      name={copied ? 'Copied' : 'Copy a link to this view'}
      className="size-8 max-sm:hidden"
      onClick={() => void copyText(link()).then(() => setCopied(true))}
    >
      <Link2 size={16} aria-hidden />
    </IconButton>
  );
}

function JobAction({ job }: { job: Job }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (action: 'cancel' | 'retry') => (action === 'cancel' ? api.cancelJob(job.id) : api.retryJob(job.id)),
    onSettled: () => client.invalidateQueries({ queryKey: jobQuery(job.id).queryKey }),
  });
  return (
    <>
      {error && (
        <span role="alert" className="text-sm">
          {problemOf(error).detail}
        </span>
      )}
      {isCancelable(job.status) && (
        <Button onClick={() => mutate('cancel')} disabled={isPending || job.status === 'canceling'}>
          Cancel
        </Button>
      )}
      {isRetryable(job) && (
        <Button onClick={() => mutate('retry')} disabled={isPending}>
          Retry
        </Button>
      )}
    </>
  );
}
