'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { Example } from '@pentimento/client';
import type { LanguageEntry } from '@pentimento/api-contracts';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, blobUrl, jobUrl, problemOf } from '../../api/client.ts';
import { examplesQuery, languagesQuery } from '../../api/queries.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandLine } from '../../ui/CopyButton.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { useOrigin } from '../../ui/useOrigin.ts';
import { Shell } from '../../shell/Shell.tsx';
import { DropZone, type Chosen } from './DropZone.tsx';
import { ExampleStrip } from './ExampleStrip.tsx';
import { errorsOfProblem, type FieldErrors } from '../../ui/fieldErrors.ts';
import { FieldError } from '../../ui/fields.tsx';
import { inspectImage } from './inspectImage.ts';
import { LanguageField } from './LanguageField.tsx';
import {
  curlOf,
  defaultForm,
  validationErrors,
  hasFields,
  guessLanguage,
  refusalOf,
  remarksOn,
  requestOf,
  usableGuess,
  whyNotWritten,
  withoutErrorsOf,
  type Form,
  type Guess,
} from './model.ts';
import { ModelField } from './ModelField.tsx';
import { MoreFields, PolicyFields } from './PolicyFields.tsx';

/** An image and its origin: a file to send, or an example's blob. */
interface ChosenTarget extends Chosen {
  file: File | null;
  example: Example | null;
}

const none: LanguageEntry[] = [];

export function SubmitPage() {
  const router = useRouter();
  const [form, setForm] = useState<Form>(defaultForm);
  const [target, setTarget] = useState<ChosenTarget | null>(null);
  const [guess, setGuess] = useState<Guess | null>(null);
  const [errors, setErrors] = useState<FieldErrors>({});
  /** How often Start failed because of errors. */
  const [refused, setRefused] = useState(0);
  const page = useRef<HTMLFormElement>(null);
  const change = useCallback((part: Partial<Form>) => {
    setForm((before) => ({ ...before, ...part }));
    setErrors((before) => withoutErrorsOf(part, before));
  }, []);
  const origin = useOrigin();
  const { data: languages = none, ...loading } = useQuery(languagesQuery);
  const offer = guess && usableGuess(guess, languages, form.model);
  const offered = offer?.language;
  useEffect(() => {
    if (offered) change({ language: offered });
  }, [guess, offered, change]);
  useRevoked(target?.url);

  const chooseFile = useCallback(async (file: File) => {
    const checked = await checkFile(file);
    if ('refused' in checked) return setErrors((before) => ({ ...before, '/target': checked.refused }));
    setErrors((before) => ({ ...before, '/target': undefined }));
    setTarget({ ...checked, file, example: null });
    setGuess(guessLanguage(file.name, checked));
  }, []);
  const chooseExample = useCallback((example: Example) => {
    const { width, height, image, file, language, hard } = example;
    setErrors((before) => ({ ...before, '/target': undefined }));
    setTarget({
      name: file,
      url: blobUrl(image),
      bytes: null,
      width,
      height,
      remark: hard,
      warnings: [],
      file: null,
      example,
    });
    setGuess({ language, why: '' });
  }, []);
  useExampleOfAddress(chooseExample);

  const request = requestOf(
    { ...form, name: form.name || (target?.example?.file ?? '') },
    { blob: target?.example?.image },
  );
  const blame = (found: FieldErrors) => {
    setErrors(found);
    setRefused((times) => times + 1);
  };
  useEffect(() => {
    if (refused > 0) showFirstError(page.current);
  }, [refused]);
  const submit = useMutation({
    mutationFn: () =>
      api.createJob(request, target?.file ? { name: target.file.name, content: target.file } : undefined),
    onSuccess: (job) => router.push(jobUrl(job.id)),
    onError: (error) => blame(errorsOfProblem(problemOf(error))),
  });
  const unwritten = whyNotWritten(form, languages);
  const problem = submit.error && problemOf(submit.error);
  const start = () => {
    submit.reset();
    const found = {
      ...validationErrors(request),
      ...(target ? {} : { '/target': 'Choose an image first.' }),
    };
    blame(found);
    if (Object.keys(found).length === 0 && !unwritten) submit.mutate();
  };
  return (
    <Shell page="submit">
      <form
        ref={page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
        className="mx-auto grid w-full max-w-[1440px] gap-x-8 gap-y-6 p-4 md:grid-cols-[minmax(0,1fr)_minmax(320px,400px)] md:p-6"
      >
        <h1 className="sr-only">Submit an image</h1>
        <div className="flex min-w-0 flex-col gap-6">
          <DropZone chosen={target} error={errors['/target']} onFile={(file) => void chooseFile(file)} />
          <ExampleStrip chosen={target?.example?.id ?? null} onChoose={chooseExample} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          {loading.error && languages.length === 0 && (
            <Failure
              title="The languages could not be loaded"
              error={loading.error}
              retry={() => void loading.refetch()}
            />
          )}
          <LanguageField
            languages={languages}
            value={form.language}
            guess={offer}
            error={errors['/language'] ?? unwritten ?? undefined}
            onValue={(language) => {
              setGuess(null);
              change({ language });
            }}
          />
          <ModelField value={form.model} error={errors['/model']} onValue={(model) => change({ model })} />
          <PolicyFields form={form} errors={errors} onChange={change} />
          <MoreFields form={form} errors={errors} onChange={change} placeholder={target?.name ?? ''} />
          <div className="flex flex-col gap-2">
            <Button type="submit" kind="solid" className="h-10 w-full px-4" disabled={submit.isPending}>
              {submit.isPending ? 'Sending' : 'Start'}
            </Button>
            {problem && !hasFields(errorsOfProblem(problem)) && <FieldError text={problem.detail} />}
          </div>
          <details>
            <summary className="w-fit text-sm text-muted">The same as a command</summary>
            <div className="mt-2">
              <CommandLine command={curlOf(request, target?.example ? null : (target?.name ?? 'image.png'), origin)} />
            </div>
          </details>
        </div>
      </form>
    </Shell>
  );
}

async function checkFile(file: File): Promise<{ refused: string } | Chosen> {
  const refused = refusalOf(file);
  if (refused) return { refused };
  try {
    const facts = await inspectImage(file);
    const remarks = remarksOn(facts);
    if (remarks.refused) return { refused: remarks.refused };
    const { width, height } = facts;
    return {
      name: file.name,
      url: URL.createObjectURL(file),
      bytes: file.size,
      width,
      height,
      remark: null,
      warnings: remarks.warnings,
    };
  } catch {
    return { refused: 'The file cannot be read as an image. Save it again as PNG.' };
  }
}

/** On a phone the field with the error may be a screen above the button. */
function showFirstError(form: HTMLFormElement | null): void {
  form?.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
}

/** Revokes a picked file's object URL once another image replaces it. */
function useRevoked(url: string | undefined): void {
  useEffect(() => {
    if (!url?.startsWith('blob:')) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
}

/** `/submit?example=badge` opens with that example selected. */
function useExampleOfAddress(onChoose: (example: Example) => void): void {
  const { data } = useQuery(examplesQuery);
  const done = useRef(false);
  useEffect(() => {
    const wanted = new URLSearchParams(location.search).get('example');
    const example = data?.find((item) => item.id === wanted);
    if (!example || done.current) return;
    done.current = true;
    onChoose(example);
  }, [data, onChoose]);
}
