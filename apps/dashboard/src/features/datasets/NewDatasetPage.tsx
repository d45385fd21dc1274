'use client';

import { useQuery } from '@tanstack/react-query';
import type { ExportFormat } from '@pentimento/contracts';
import { useSearchParams } from 'next/navigation';
import { useRef } from 'react';
import { exportFormatsQuery } from '../../api/queries.ts';
import { Shell } from '../../shell/Shell.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { useAddressState } from '../../ui/useAddressState.ts';
import { useRowFocus } from '../../keys/useRowFocus.ts';
import { BackToList } from './BackToList.tsx';
import { Builder } from './Builder.tsx';
import { parseForm, writeForm, type DatasetForm } from './form.ts';
import { FormatPicker } from './FormatPicker.tsx';

const write = (form: DatasetForm): string => writeForm(form).toString();

export function NewDatasetPage() {
  // Keeps this page out of the static export: the form is in the query, which only the browser knows.
  useSearchParams();
  const [form, change] = useAddressState(parseForm, write);
  const { data: formats, error, refetch } = useQuery(exportFormatsQuery);
  return (
    <Shell page="new-dataset">
      {error && !formats ? (
        <Failure title="The formats could not be loaded" error={error} retry={() => void refetch()} />
      ) : form.format === '' ? (
        <Choosing formats={formats} onChoose={(format) => change({ format })} />
      ) : (
        <Builder form={form} format={formats?.find(({ id }) => id === form.format)} onChange={change} />
      )}
    </Shell>
  );
}

function Choosing({
  formats,
  onChoose,
}: {
  formats: readonly ExportFormat[] | undefined;
  onChoose: (id: string) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useRowFocus('new-dataset', list);
  return (
    <div ref={list} className="mx-auto flex w-full max-w-[1280px] flex-col gap-4 p-4 md:p-6">
      <BackToList />
      <div>
        <h1 className="text-xl font-semibold">New dataset</h1>
        <p className="text-muted">Choose its format: what is it for, and which program loads it?</p>
      </div>
      {formats ? <FormatPicker formats={formats} onChoose={onChoose} /> : <LoadingFormats />}
    </div>
  );
}

function LoadingFormats() {
  return (
    <div role="status" data-testid="loading">
      <span className="sr-only">Loading the formats</span>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex h-14 items-center border-t px-2">
          <span className="h-3 rounded-sm bg-surround" style={{ width: 120 + ((index * 47) % 90) }} />
        </div>
      ))}
    </div>
  );
}
