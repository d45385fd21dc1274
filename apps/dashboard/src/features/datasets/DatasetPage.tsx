'use client';

import { useQuery } from '@tanstack/react-query';
import { isFinal, maxPreviewRows, type Export, type PreviewExportInput } from '@pentimento/contracts';
import { Download, Lock, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { exportFormatsQuery, exportPreviewQuery, exportQuery } from '../../api/queries.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { Shell } from '../../shell/Shell.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { buttonLook } from '../../ui/Button.tsx';
import { CommandLine } from '../../ui/CopyButton.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Failure } from '../../ui/Notice.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { BackToList } from './BackToList.tsx';
import { DatasetActions } from './DatasetActions.tsx';
import { DatasetFacts } from './DatasetFacts.tsx';
import { FileTable } from './FileTable.tsx';
import { newVersionUrl } from './form.ts';
import { loaderOf } from './formats.ts';
import { Preview } from './Preview.tsx';
import { Progress } from './Progress.tsx';
import { RowCounts } from './RowCounts.tsx';
import { pollMs } from './useExports.ts';
import { counted, stateSentence } from './words.ts';

export function DatasetPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    ...exportQuery(id),
    refetchInterval: ({ state }) => (state.data && !isFinal(state.data.status) ? pollMs : false),
  });
  const router = useRouter();
  useKeys('dataset', { new: () => router.push('/datasets/new') });
  return (
    <Shell page="dataset">
      <div className="mx-auto flex w-full max-w-[1280px] min-w-0 flex-col gap-6 p-4 md:p-6">
        {error && !data && (
          <Failure title="The dataset could not be loaded" error={error} retry={() => void refetch()} />
        )}
        {!data && !error && <Loading />}
        {data && <Dataset dataset={data} />}
      </div>
    </Shell>
  );
}

function Loading() {
  return (
    <div role="status" className="flex flex-col gap-4" data-testid="loading">
      <span className="sr-only">Loading the dataset</span>
      <div className="h-7 w-64 rounded-sm bg-surround" />
      <div className="h-40 rounded bg-surround" />
    </div>
  );
}

function Dataset({ dataset }: { dataset: Export }) {
  const { data: formats = [] } = useQuery(exportFormatsQuery);
  const format = formats.find(({ id }) => id === dataset.format);
  const { manifest, status } = dataset;
  useEffect(() => {
    document.title = `${dataset.name} · Pentimento`;
  }, [dataset.name]);
  return (
    <>
      <Announcer message={stateSentence(dataset)} />
      <Header dataset={dataset} />
      {!isFinal(status) && <Progress dataset={dataset} />}
      {dataset.error && <Reason message={dataset.error.message} code={dataset.error.code} />}
      {status === 'canceled' && (
        <p>It was canceled before it was whole, and nothing of it is kept. Retry makes it from the start.</p>
      )}
      <div className="grid min-w-0 gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Section title="What it is made of">
          <DatasetFacts dataset={dataset} format={format} />
        </Section>
        {manifest && (
          <Section title="Rows">
            <RowCounts id={dataset.id} manifest={manifest} unit={format?.unit ?? 'unit'} />
          </Section>
        )}
      </div>
      {manifest && (
        <>
          <Section title="Use it">
            <Usage dataset={dataset} />
          </Section>
          <Section title="Files">
            <FileTable id={dataset.id} />
          </Section>
          <FirstRows dataset={dataset} />
        </>
      )}
    </>
  );
}

function Header({ dataset }: { dataset: Export }) {
  const router = useRouter();
  const { id, name, status, manifest, progress } = dataset;
  const next = newVersionUrl(dataset);
  return (
    <header className="flex flex-col gap-2">
      <BackToList />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold break-words">{name}</h1>
        <StatusMark status={status} />
        <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
          {manifest && (
            <a href={api.exportArchiveUrl(id)} download className={buttonLook('solid')}>
              <Download size={16} aria-hidden /> Download all, {formatBytes(progress.bytes)}
            </a>
          )}
          {next && (
            <Link href={next} className={buttonLook()}>
              New version
            </Link>
          )}
          <DatasetActions dataset={dataset} onDeleted={() => router.replace('/datasets')} />
        </div>
      </div>
      {status === 'succeeded' && (
        <p className="flex items-start gap-1.5 text-muted">
          <Lock size={14} aria-hidden className="mt-[3px] shrink-0" />
          <span>
            Frozen: its files never change. A new version with the same settings takes in what has ended since.
          </span>
        </p>
      )}
    </header>
  );
}

function Reason({ message, code }: { message: string; code: string }) {
  return (
    <div
      role="alert"
      className="flex max-w-[72ch] flex-col gap-1 rounded border border-edge bg-panel p-4"
      data-testid="reason"
    >
      <p className="flex items-center gap-2 font-semibold">
        <TriangleAlert size={16} aria-hidden /> It could not be made
      </p>
      <p className="break-words">{message}</p>
      <p className="font-mono text-xs text-muted">{code}</p>
    </div>
  );
}

function Usage({ dataset: { id, format } }: { dataset: Export }) {
  const loader = loaderOf(format);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex min-w-0 flex-col gap-1">
        <h3 className="text-sm text-muted">Download it from a shell</h3>
        <CommandLine command={`npx pentimento export --id ${id} --out DIR`} />
      </div>
      {loader && (
        <div className="flex min-w-0 flex-col gap-1">
          <h3 className="text-sm text-muted">Load it; DIR is the folder</h3>
          <CommandLine command={loader} />
        </div>
      )}
    </div>
  );
}

/** The rows are made again, as no file of the dataset is read here. */
function FirstRows({ dataset }: { dataset: Export }) {
  const { data, error, isFetching, refetch } = useQuery({
    ...exportPreviewQuery(previewOf(dataset)),
    staleTime: Infinity,
  });
  const changed = data && dataset.manifest && data.counts.trajectories !== dataset.manifest.traces;
  return (
    <Section title="First rows">
      <p className="max-w-[80ch] text-sm text-muted">
        Made again now with the same settings, from the jobs created before the dataset.
        {changed &&
          ` ${counted(data.counts.trajectories, 'trajectory')} match now, and ${counted(dataset.manifest!.traces, 'trajectory')} did then: jobs were deleted or have ended since. The files have what there was.`}
      </p>
      <div className="mt-2 border-t">
        <Preview
          preview={data}
          stale={isFetching && data !== undefined}
          error={error}
          retry={() => void refetch()}
          filtered
          page="dataset"
        />
      </div>
    </Section>
  );
}

function previewOf({ format, filter, options, createdAt }: Export): PreviewExportInput {
  const { createdBefore = createdAt } = filter;
  const until = createdBefore < createdAt ? createdBefore : createdAt;
  return { format, filter: { ...filter, createdBefore: until }, options, rows: maxPreviewRows };
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}
