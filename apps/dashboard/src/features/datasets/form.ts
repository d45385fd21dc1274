import {
  createExportSchema,
  exportFilterSchema,
  exportOptionsSchema,
  outcomes,
  termWords,
  type CreateExportInput,
  type Export,
  type ExportFilter,
  type ExportOptions,
  type Outcome,
} from '@pentimento/contracts';
import { errorsOfSchema, numberOf, present, type FieldErrors } from '../../ui/fieldErrors.ts';
import type { FormatOption } from './formats.ts';

/** The form of a new dataset as typed. Numbers stay text until they are sent, so that typing is never corrected. */
export interface DatasetForm {
  /** Empty until one is chosen. */
  format: string;
  name: string;
  languages: readonly string[];
  models: readonly string[];
  outcomes: readonly Outcome[];
  minScore: string;
  maxScore: string;
  minGain: string;
  /** Empty where any will do; `verdict` too. */
  captureLevel: string;
  verdict: string;
  policyVersions: readonly string[];
  tags: readonly string[];
  /** A day (in UTC), or an exact time as the API writes it. `createdBefore` as a day includes it. */
  createdAfter: string;
  createdBefore: string;
  jobs: readonly string[];
  validation: string;
  test: string;
  improvedOnly: boolean;
  margin: string;
  threshold: string;
  rewardVersion: string;
  license: string;
}

const usual = exportOptionsSchema.parse({});

export const defaultForm: DatasetForm = {
  format: '',
  name: '',
  languages: [],
  models: [],
  outcomes: [],
  minScore: '',
  maxScore: '',
  minGain: '',
  captureLevel: '',
  verdict: '',
  policyVersions: [],
  tags: [],
  createdAfter: '',
  createdBefore: '',
  jobs: [],
  validation: String(usual.splits.validation),
  test: String(usual.splits.test),
  improvedOnly: usual.improvedOnly,
  margin: String(usual.margin),
  threshold: String(usual.threshold),
  rewardVersion: '',
  license: usual.license,
};

type Field = keyof DatasetForm;

/** The parameter of each field in the page's address. */
const parameters: Record<Field, string> = {
  format: 'format',
  name: 'name',
  languages: 'language',
  models: 'model',
  outcomes: 'outcome',
  minScore: 'min-score',
  maxScore: 'max-score',
  minGain: 'min-gain',
  captureLevel: 'capture',
  verdict: 'verdict',
  policyVersions: 'policy-version',
  tags: 'tag',
  createdAfter: 'after',
  createdBefore: 'before',
  jobs: 'job',
  validation: 'validation',
  test: 'test',
  improvedOnly: 'improved-only',
  margin: 'margin',
  threshold: 'threshold',
  rewardVersion: 'reward-version',
  license: 'license',
};
const fields = Object.keys(parameters) as Field[];

export function parseForm(query: URLSearchParams): DatasetForm {
  const entries = fields.map((field) => [field, parseField(field, query.getAll(parameters[field]))]);
  const form = Object.fromEntries(entries) as unknown as DatasetForm;
  return { ...form, outcomes: outcomes.filter((outcome) => form.outcomes.includes(outcome)) };
}

function parseField(field: Field, values: string[]): DatasetForm[Field] {
  const usualValue = defaultForm[field];
  if (Array.isArray(usualValue)) return [...new Set(values.filter(Boolean))];
  if (typeof usualValue === 'boolean') return values[0] === '1';
  return values[0] ?? usualValue;
}

/** The query of a form: what differs from the default. */
export function writeForm(form: DatasetForm): URLSearchParams {
  const query = new URLSearchParams();
  for (const field of fields) {
    const value = form[field];
    if (typeof value === 'object') for (const each of value) query.append(parameters[field], each);
    else if (value !== defaultForm[field]) query.set(parameters[field], value === true ? '1' : String(value));
  }
  return query;
}

/** What servers surely take; a form that names thousands of jobs is longer. */
const maxAddress = 8000;

/** Where a new version of an export with the same settings is made; null where they are too long for an address. */
export function newVersionUrl(dataset: Pick<Export, 'format' | 'filter' | 'options'>): string | null {
  const url = `/datasets/new?${writeForm(formOf(dataset)).toString()}`;
  return url.length <= maxAddress ? url : null;
}

/** The request of a form, without what has its default. */
export function requestOf(form: DatasetForm): CreateExportInput {
  const name = form.name.trim() || undefined;
  return { ...present({ name }), format: form.format, filter: filterOf(form), options: optionsOf(form) };
}

/** Values that the form cannot type are left to the API's schema, which refuses them at their field. */
function filterOf(form: DatasetForm): ExportFilter {
  return present({
    jobs: some(form.jobs),
    languages: some(form.languages),
    models: some(form.models),
    outcomes: some(form.outcomes),
    minScore: numberOf(form.minScore),
    maxScore: numberOf(form.maxScore),
    minGain: numberOf(form.minGain),
    captureLevel: form.captureLevel || undefined,
    policyVersions: some(form.policyVersions),
    verdict: form.verdict || undefined,
    tags: some(form.tags),
    createdAfter: form.createdAfter ? startOf(form.createdAfter) : undefined,
    createdBefore: form.createdBefore ? endOf(form.createdBefore) : undefined,
  }) as ExportFilter;
}

function optionsOf(form: DatasetForm): NonNullable<CreateExportInput['options']> {
  const splits = present({
    validation: unusual(numberOf(form.validation), usual.splits.validation),
    test: unusual(numberOf(form.test), usual.splits.test),
  });
  return present({
    splits: Object.keys(splits).length > 0 ? splits : undefined,
    improvedOnly: unusual(form.improvedOnly, usual.improvedOnly),
    margin: unusual(numberOf(form.margin), usual.margin),
    threshold: unusual(numberOf(form.threshold), usual.threshold),
    rewardVersion: form.rewardVersion || undefined,
    license: unusual(form.license.trim(), usual.license),
  });
}

const some = <T>(values: readonly T[]): T[] | undefined => (values.length > 0 ? [...values] : undefined);
const unusual = <T>(value: T, usualValue: T): T | undefined => (value === usualValue ? undefined : value);

const dayMs = 24 * 60 * 60 * 1000;

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const startOf = (text: string): string => (isDay(text) ? `${text}T00:00:00.000Z` : text);
/** The moment after the day, as the API's filter excludes its bound. */
const endOf = (text: string): string => (isDay(text) ? shifted(startOf(text), dayMs) : text);

function shifted(time: string, by: number): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at + by).toISOString();
}

/** The form that asks for the same as an export; its name is not kept. */
export function formOf({ format, filter, options }: Pick<Export, 'format' | 'filter' | 'options'>): DatasetForm {
  return {
    ...defaultForm,
    ...typedOptions(options),
    format,
    ...present({
      jobs: filter.jobs,
      languages: filter.languages,
      models: filter.models,
      outcomes: filter.outcomes,
      minScore: typed(filter.minScore),
      maxScore: typed(filter.maxScore),
      minGain: typed(filter.minGain),
      captureLevel: filter.captureLevel,
      verdict: filter.verdict,
      policyVersions: filter.policyVersions,
      tags: filter.tags,
      createdAfter: filter.createdAfter && dayFrom(filter.createdAfter),
      createdBefore: filter.createdBefore && dayUntil(filter.createdBefore),
    }),
  };
}

function typedOptions({ splits, improvedOnly, margin, threshold, rewardVersion, license }: ExportOptions) {
  return {
    validation: String(splits.validation),
    test: String(splits.test),
    improvedOnly,
    margin: String(margin),
    threshold: String(threshold),
    rewardVersion: rewardVersion ?? '',
    license,
  };
}

const typed = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

/** The day that starts at a time, else the time itself. */
export function dayFrom(time: string): string {
  const at = Date.parse(time);
  return at % dayMs === 0 ? new Date(at).toISOString().slice(0, 10) : time;
}

/** The day that ends at a time, else the time itself. */
export function dayUntil(time: string): string {
  return Date.parse(time) % dayMs === 0 ? dayFrom(shifted(time, -dayMs)) : time;
}

/** The invalid fields of a form before it is sent. */
export const formErrors = (form: DatasetForm): FieldErrors =>
  byField(errorsOfSchema(createExportSchema, requestOf(form)));

/** The errors at their fields: that of an element belongs to its list. */
export function byField(errors: FieldErrors): FieldErrors {
  const entries = Object.entries(errors).map(([pointer, text]) => [pointer.replace(/\/\d+$/, ''), text] as const);
  return Object.fromEntries(entries.toReversed());
}

const filterFields = Object.keys(exportFilterSchema.shape) as (keyof ExportFilter)[];
const optionPointers = ['splits/validation', 'splits/test', ...Object.keys(exportOptionsSchema.shape)];

/** The pointers that a field of the form shows. */
const shownPointers: readonly string[] = [
  '/name',
  '/format',
  ...filterFields.map((field) => `/filter/${field}`),
  ...optionPointers.map((field) => `/options/${field}`),
];

export const hasErrors = (errors: FieldErrors): boolean => Object.values(errors).some(Boolean);

/** The errors that fields show, each with the words of its pointer, e.g. "min score: This must be at most 1." */
export function markedFields(errors: FieldErrors): string[] {
  return Object.entries(errors).flatMap(([pointer, text]) =>
    text && shownPointers.includes(pointer) ? [`${fieldWords(pointer)}: ${text}`] : [],
  );
}

const fieldWords = (pointer: string): string => termWords(pointer.slice(pointer.lastIndexOf('/') + 1));

/** Whether fields show all of some errors. */
export const areShown = (errors: FieldErrors): boolean =>
  hasErrors(errors) && Object.keys(errors).every((pointer) => shownPointers.includes(pointer));

/** The form without its filters. */
export function withoutFilters(form: DatasetForm): DatasetForm {
  return { ...form, ...Object.fromEntries(filterFields.map((field) => [field, defaultForm[field]])) };
}

export const hasFilters = (form: DatasetForm): boolean => Object.keys(filterOf(form)).length > 0;

/** Filters that are closed away until one is set. */
export const rareFilters = [
  'captureLevel',
  'verdict',
  'tags',
  'policyVersions',
  'createdAfter',
  'createdBefore',
  'jobs',
] as const satisfies readonly (keyof ExportFilter)[];

export const hasRareFilters = (form: DatasetForm): boolean => rareFilters.some((field) => form[field].length > 0);

/** Whether the scores are not the usual ones, or an option is set that the format does not use. */
export const hasOtherOptions = (form: DatasetForm, others: readonly FormatOption[]): boolean =>
  form.rewardVersion !== '' || others.some((option) => form[option] !== defaultForm[option]);
