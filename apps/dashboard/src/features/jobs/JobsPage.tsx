'use client';

import { useQuery } from '@tanstack/react-query';
import type { Tag } from '@pentimento/contracts';
import { Search } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useEffect, useRef, useState } from 'react';
import { jobUrl, problemOf } from '../../api/client.ts';
import { modelsQuery } from '../../api/queries.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { Button } from '../../ui/Button.tsx';
import { shownLanguage, useLanguages } from '../../ui/languages.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Shell } from '../../shell/Shell.tsx';
import { EmptyJobs } from './EmptyJobs.tsx';
import { JobTable, LoadingRows } from './JobTable.tsx';
import { hasFilters, neighbor, noFilters, parseFilters, tagChoices, writeFilters, type Filters } from './model.ts';
import { PeekPanel } from './PeekPanel.tsx';
import { StatusFilters } from './StatusFilters.tsx';
import { useJobs } from './useJobs.ts';

export function JobsPage() {
  return (
    <Shell page="jobs">
      <h1 className="sr-only">Jobs</h1>
      <Suspense fallback={<LoadingRows />}>
        <Jobs />
      </Suspense>
    </Shell>
  );
}

function Jobs() {
  const router = useRouter();
  const query = useSearchParams();
  const filters = parseFilters(query);
  const peek = query.get('peek');
  const listing = useJobs(filters);
  const { rows } = listing;
  const search = useRef<HTMLInputElement>(null);
  const peeked = rows.find((job) => job.id === peek) ?? null;

  const go = (next: Filters, peeking: string | null) => {
    const written = writeFilters(next);
    if (peeking) written.set('peek', peeking);
    window.history.replaceState(null, '', written.size > 0 ? `/?${written.toString()}` : '/');
  };
  const filter = (change: Partial<Filters>) => go({ ...filters, ...change }, null);
  const show = (id: string | null) => go(filters, id);
  const step = (by: 1 | -1) => {
    const ids = rows.map((job) => job.id);
    // The address is ahead of the last render where keys are pressed fast.
    show(neighbor(ids, new URLSearchParams(location.search).get('peek'), by));
  };
  useKeys('jobs', {
    next: () => step(1),
    previous: () => step(-1),
    open: () => peeked && router.push(jobUrl(peeked.id)),
    close: () => (peek ? show(null) : search.current?.blur()),
    search: (event) => {
      event.preventDefault();
      search.current?.focus();
    },
  });

  const filtered = hasFilters(filters);
  const none = !listing.loading && !listing.error && rows.length === 0;
  useEffect(() => {
    if (none && listing.fresh > 0) listing.reload();
  }, [none, listing.fresh]);
  if (none && !filtered && listing.fresh === 0) return <EmptyJobs />;
  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 border-b bg-panel px-4 py-2">
          <StatusFilters counts={listing.counts} selected={filters.status} onSelect={(status) => filter({ status })} />
          <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2 max-md:ml-0 max-md:w-full">
            <Choices filters={filters} tags={tagChoices(rows, filters.tag)} onFilter={filter} />
            <SearchField ref={search} value={filters.search} onSearch={(text) => filter({ search: text })} />
          </div>
        </div>
        {Boolean(listing.error) && (
          <Failure title="The jobs could not be loaded" error={listing.error} retry={listing.reload} />
        )}
        {Boolean(listing.stale) && !listing.error && (
          <p role="status" className="border-b px-4 py-2" data-testid="stale">
            This list is not up to date. {problemOf(listing.stale).detail}
          </p>
        )}
        {listing.loading && <LoadingRows />}
        {none && filtered && (
          <div className="flex flex-col items-start gap-3 p-4">
            <p>No job matches.</p>
            <Button onClick={() => filter(noFilters)}>Show all jobs</Button>
          </div>
        )}
        {rows.length > 0 && <JobTable jobs={rows} selected={peek} onSelect={(id) => show(id === peek ? null : id)} />}
        {listing.hasMore && (
          <Button className="m-4 h-8 self-center px-4" onClick={listing.loadMore} disabled={listing.loadingMore}>
            {listing.loadingMore ? 'Loading' : 'Load more'}
          </Button>
        )}
        {rows.length > 0 && listing.fresh > 0 && (
          <button
            type="button"
            onClick={() => {
              listing.reload();
              window.scrollTo({ top: 0 });
            }}
            className="slide-in fixed bottom-4 left-1/2 z-10 h-9 -translate-x-1/2 rounded-full border border-ink bg-ink px-4 text-page shadow-(--shadow)"
          >
            {listing.fresh} new
          </button>
        )}
      </div>
      {peeked && (
        <PeekPanel job={peeked} onClose={() => show(null)} onTag={(tag) => go({ ...filters, tag }, peeked.id)} />
      )}
    </div>
  );
}

function Choices({
  filters,
  tags,
  onFilter,
}: {
  filters: Filters;
  tags: readonly Tag[];
  onFilter: (change: Partial<Filters>) => void;
}) {
  const languages = useLanguages();
  const ids = [...new Set([...languages.map(({ id }) => id), ...(filters.language ? [filters.language] : [])])];
  const { data } = useQuery(modelsQuery);
  const models = [
    ...new Set([...(data?.data.map((model) => model.name) ?? []), ...(filters.model ? [filters.model] : [])]),
  ];
  return (
    <>
      <select
        aria-label="Kind"
        value={filters.kind ?? 'refinement'}
        onChange={(event) => onFilter({ kind: event.target.value === 'environment' ? 'environment' : null })}
        className="field max-w-40"
      >
        <option value="refinement">Refinements</option>
        <option value="environment">Episodes</option>
      </select>
      <select
        aria-label="Language"
        value={filters.language ?? ''}
        onChange={(event) => onFilter({ language: event.target.value || null })}
        className="field max-w-40"
      >
        <option value="">All languages</option>
        {ids.map((id) => (
          <option key={id} value={id}>
            {shownLanguage(languages, id).title}
          </option>
        ))}
      </select>
      <select
        aria-label="Model"
        value={filters.model ?? ''}
        onChange={(event) => onFilter({ model: event.target.value || null })}
        className="field max-w-44"
      >
        <option value="">All models</option>
        {models.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </select>
      {tags.length > 0 && (
        <select
          aria-label="Tag"
          value={filters.tag ?? ''}
          onChange={(event) => onFilter({ tag: event.target.value || null })}
          className="field max-w-40"
        >
          <option value="">All tags</option>
          {tags.map((tag) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

const typingPause = 250;

function SearchField({
  ref,
  value,
  onSearch,
}: {
  ref: React.Ref<HTMLInputElement>;
  value: string;
  onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), typingPause);
    return () => clearTimeout(timer);
  });
  return (
    <label className="relative min-w-0 flex-1 basis-48">
      <Search size={14} aria-hidden className="absolute top-2 left-2.5 text-muted" />
      <input
        ref={ref}
        type="search"
        aria-label="Search by name or id"
        placeholder="Name or id"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field w-full pl-8!"
      />
    </label>
  );
}
