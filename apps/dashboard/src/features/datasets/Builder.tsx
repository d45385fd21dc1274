'use client';

import { useMutation } from '@tanstack/react-query';
import type { CreateExportInput, ExportCounts, ExportFormat } from '@pentimento/contracts';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { api, datasetUrl, problemOf } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandLine } from '../../ui/CopyButton.tsx';
import { errorsOfProblem, type FieldErrors } from '../../ui/fieldErrors.ts';
import { FieldError, TextField } from '../../ui/fields.tsx';
import { shellWord } from '../../ui/shell.ts';
import { useOrigin } from '../../ui/useOrigin.ts';
import { useSettled } from '../../ui/useSettled.ts';
import { BackToList } from './BackToList.tsx';
import { CountsLine } from './CountsLine.tsx';
import { FilterFields, type FieldsProps } from './FilterFields.tsx';
import {
  areShown,
  byField,
  formErrors,
  markedFields,
  hasErrors,
  hasFilters,
  requestOf,
  withoutFilters,
  type DatasetForm,
} from './form.ts';
import { loaderOf } from './formats.ts';
import { OptionFields } from './OptionFields.tsx';
import { Preview } from './Preview.tsx';
import { useCounts, usePreview, type Counted, type Previewed } from './usePreview.ts';

interface Props extends Omit<FieldsProps, 'errors'> {
  /** Undefined while the formats load, and where the server does not have it. */
  format: ExportFormat | undefined;
  /** Writes the form to the address, so that the page can be left and comes back with it. */
  onSave: () => void;
}

const typingPause = 400;

/** The filters and options of a new dataset, with what they select, and the first rows. */
export function Builder({ form, format, onChange, onSave }: Props) {
  const request = requestOf(form);
  const valid = !hasErrors(formErrors(form));
  const recipe = valid ? { format: request.format, filter: request.filter, options: request.options } : null;
  const counted = useCounts(recipe);
  const previewed = usePreview(recipe);
  const creation = useCreation(form, request, counted.stale ? undefined : counted.counts?.trajectories);
  const errors = {
    ...fieldErrorsOf(previewed.error),
    ...fieldErrorsOf(counted.error),
    ...creation.errors,
    ...formErrors(useSettled(form, typingPause)),
  };
  return (
    <div className="grid min-w-0 flex-1 md:grid-cols-[minmax(300px,400px)_minmax(0,1fr)]">
      <form
        ref={creation.page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
          creation.create();
        }}
        className="flex min-w-0 flex-col md:sticky md:top-0 md:h-[calc(100dvh-3rem)] md:overflow-y-auto md:border-r"
      >
        <div className="flex flex-col gap-5 p-4">
          <div className="flex flex-col gap-1">
            <BackToList />
            <h1 className="text-xl font-semibold">New dataset</h1>
          </div>
          <FormatSummary
            id={form.format}
            format={format}
            error={errors['/format']}
            onOther={() => onChange({ format: '' })}
          />
          <Fields form={form} errors={errors} onChange={onChange} counts={valid ? counted.counts : undefined} />
          <Command request={request} />
        </div>
        <Footer counted={counted} valid={valid} creation={creation} />
      </form>
      <PreviewSection previewed={previewed} marked={markedFields(errors)} filtered={hasFilters(form)} />
    </div>
  );
}

function Fields({ form, errors, onChange, counts }: FieldsProps & { counts: ExportCounts | undefined }) {
  return (
    <>
      <div className="flex min-h-11 items-center border-t pt-4">
        <h2 className="font-semibold">Filters</h2>
        {hasFilters(form) && (
          <Button kind="quiet" className="ml-auto h-7 px-2" onClick={() => onChange(withoutFilters(form))}>
            Clear
          </Button>
        )}
      </div>
      <FilterFields form={form} errors={errors} onChange={onChange} counts={counts} />
      <h2 className="border-t pt-4 font-semibold">Options</h2>
      <OptionFields form={form} errors={errors} onChange={onChange} />
      <div className="border-t pt-4">
        <TextField
          label="Name"
          hint={`Else ${form.format}.`}
          value={form.name}
          error={errors['/name']}
          onValue={(name) => onChange({ name })}
        />
      </div>
    </>
  );
}

/** Always in sight: what is selected, and the button. */
function Footer({ counted, valid, creation }: { counted: Counted; valid: boolean; creation: Creation }) {
  return (
    <div className="sticky bottom-0 z-10 mt-auto flex flex-col gap-2 border-t bg-panel px-4 py-3">
      {creation.problem && <FieldError text={creation.problem} />}
      <div className="flex items-center justify-between gap-3">
        <CountsLine counted={counted} valid={valid} />
        <Button type="submit" kind="solid" className="h-10 px-4" disabled={creation.pending}>
          {creation.pending ? 'Creating' : 'Create dataset'}
        </Button>
      </div>
    </div>
  );
}

function PreviewSection({
  previewed,
  marked,
  filtered,
}: {
  previewed: Previewed;
  marked: readonly string[];
  filtered: boolean;
}) {
  const { preview, stale, error, retry } = previewed;
  return (
    <section aria-labelledby="preview" className="min-w-0 max-md:border-t">
      <h2 id="preview" className="flex h-12 items-center gap-3 border-b px-4 font-semibold">
        Preview
        <span className="text-sm font-normal text-muted">
          {stale ? 'Reading…' : 'the first rows, as they would be exported'}
        </span>
      </h2>
      {marked.length > 0 ? (
        <Marked texts={marked} />
      ) : (
        <Preview preview={preview} stale={stale} error={error} retry={retry} filtered={filtered} page="new-dataset" />
      )}
    </section>
  );
}

/** Why there are no rows: what is wrong is at its field, which may be out of sight. */
function Marked({ texts }: { texts: readonly string[] }) {
  return (
    <div className="flex flex-col gap-1 p-4" data-testid="marked">
      <p>There are no rows until the marked fields are right:</p>
      <ul className="list-disc pl-5 text-muted">
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

const fieldErrorsOf = (error: unknown): FieldErrors => (error ? byField(errorsOfProblem(problemOf(error))) : {});

interface Creation {
  page: RefObject<HTMLFormElement | null>;
  create: () => void;
  pending: boolean;
  errors: FieldErrors;
  /** What no field shows. */
  problem: string | null;
}

/** Creates the dataset of a form and shows it. */
function useCreation(form: DatasetForm, request: CreateExportInput, trajectories: number | undefined): Creation {
  const router = useRouter();
  const page = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => api.createExport(request),
    onSuccess: ({ id }) => router.push(datasetUrl(id)),
  });
  // What was refused may be right once the form has changed.
  useEffect(() => {
    setRefused(null);
    reset();
  }, [form, reset]);
  useEffect(() => {
    if (error || refused) showFirstError(page.current);
  }, [error, refused]);
  const create = () => {
    if (hasErrors(formErrors(form))) return setRefused('Correct the marked fields first.');
    if (trajectories === 0)
      return setRefused('No trajectory matches, so the dataset would be empty. Change the filters.');
    mutate();
  };
  const problem = error && !areShown(fieldErrorsOf(error)) ? problemOf(error).detail : refused;
  return { page, create, pending: isPending, errors: fieldErrorsOf(error), problem };
}

/** It may be far above the button. */
function showFirstError(form: HTMLFormElement | null): void {
  form?.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
}

function FormatSummary({
  id,
  format,
  error,
  onOther,
}: {
  id: string;
  format: ExportFormat | undefined;
  error: string | undefined;
  onOther: () => void;
}) {
  const loader = loaderOf(id);
  return (
    <section aria-label="Format" className="flex min-w-0 flex-col gap-2" data-testid="format">
      <div className="flex items-start gap-2">
        <p className="min-w-0">
          <span className="font-medium">{format?.title ?? id}</span>{' '}
          <code className="font-mono text-xs text-muted">{id}</code>
        </p>
        <Button className="ml-auto h-7 px-2" onClick={onOther}>
          Change
        </Button>
      </div>
      <p className="min-h-[2lh] text-sm text-muted">{format?.description}</p>
      {loader && <CommandLine command={loader} />}
      {error && <FieldError text={error} />}
    </section>
  );
}

function Command({ request }: { request: CreateExportInput }) {
  const origin = useOrigin();
  const body = shellWord(JSON.stringify(request));
  return (
    <details>
      <summary className="w-fit text-sm text-muted">The same as a command</summary>
      <div className="mt-2">
        <CommandLine command={`curl -H 'content-type: application/json' -d ${body} ${origin}/v1/exports`} />
      </div>
    </details>
  );
}
