import { type LanguageEntry } from '@pentimento/api-contracts';
import {
  createJobSchema,
  defaultModel,
  defaultPolicy,
  uploadLimits,
  type CreateJobInput,
  type Language,
} from '@pentimento/contracts';
import { errorsOfSchema, numberOf, present, type FieldErrors } from '../../ui/fieldErrors.ts';
import { shownLanguage } from '../../ui/languages.ts';
import { formatBytes, formatSize } from '../../ui/format.ts';
import { shellWord } from '../../ui/shell.ts';

/** The form as typed. Numbers stay text until they are sent, so that typing is never corrected. */
export interface Form {
  name: string;
  language: Language;
  model: string;
  threshold: number;
  profile: string;
  /** By term; empty where it has none. */
  minimums: Readonly<Record<string, string>>;
  maxIterations: string;
  candidates: string;
  maxTokens: string;
  maxCost: string;
  maxSeconds: string;
  instructions: string;
  code: string;
  patience: string;
  patches: string;
  minGain: string;
  maxTextLoss: string;
  maxTileLoss: string;
  maxLockedLoss: string;
  maxBitmapShare: string;
  rewriteBelow: string;
  repairs: string;
  temperature: string;
  seed: string;
  maxOutputTokens: string;
}

const usual = defaultPolicy;

function textsOf(minimums: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(minimums).map(([term, minimum]) => [term, String(minimum)]));
}

export const defaultForm: Form = {
  name: '',
  language: 'svg',
  model: defaultModel,
  threshold: usual.threshold,
  profile: usual.profile,
  minimums: textsOf(usual.minimums),
  maxIterations: String(usual.maxIterations),
  candidates: String(usual.candidates),
  maxTokens: '',
  maxCost: '',
  maxSeconds: '',
  instructions: '',
  code: '',
  patience: String(usual.patience),
  patches: String(usual.patches),
  minGain: String(usual.minGain),
  maxTextLoss: String(usual.maxTextLoss),
  maxTileLoss: String(usual.maxTileLoss),
  maxLockedLoss: String(usual.maxLockedLoss),
  maxBitmapShare: String(usual.maxBitmapShare),
  rewriteBelow: String(usual.rewriteBelow),
  repairs: String(usual.repairs),
  temperature: '',
  seed: '',
  maxOutputTokens: String(usual.maxOutputTokens),
};

export interface TargetSource {
  /** Blob id of an example; a picked file is sent as the form's file part instead. */
  blob?: string;
}

/** The request of a form, without the fields that have their default. */
export function requestOf(form: Form, source: TargetSource): CreateJobInput {
  const policy = present({
    threshold: form.threshold,
    profile: form.profile,
    minimums: minimumsOf(form),
    maxIterations: numberOf(form.maxIterations),
    candidates: numberOf(form.candidates),
    patience: numberOf(form.patience),
    patches: numberOf(form.patches),
    minGain: numberOf(form.minGain),
    maxTextLoss: numberOf(form.maxTextLoss),
    maxTileLoss: numberOf(form.maxTileLoss),
    maxLockedLoss: numberOf(form.maxLockedLoss),
    maxBitmapShare: numberOf(form.maxBitmapShare),
    rewriteBelow: numberOf(form.rewriteBelow),
    repairs: numberOf(form.repairs),
    temperature: numberOf(form.temperature),
    seed: numberOf(form.seed),
    maxOutputTokens: numberOf(form.maxOutputTokens),
  });
  const budget = present({
    maxTokens: numberOf(form.maxTokens),
    maxCost: numberOf(form.maxCost),
    maxSeconds: numberOf(form.maxSeconds),
  });
  return {
    ...present({
      target: source.blob,
      name: form.name.trim() || undefined,
      instructions: form.instructions || undefined,
      code: form.code || undefined,
    }),
    language: form.language,
    model: form.model.trim(),
    ...(differs(policy, usual) ? { policy: different(policy, usual) } : {}),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
  };
}

/** The given minimums; undefined where all that says when the job is done is as in the default policy. */
function minimumsOf({ minimums, threshold, profile }: Form): Record<string, number> | undefined {
  const given = present(
    Object.fromEntries(Object.entries(minimums).map(([term, minimum]) => [term, numberOf(minimum)])),
  ) as Record<string, number>;
  const isUsual = JSON.stringify(textsOf(given)) === JSON.stringify(textsOf(usual.minimums));
  return isUsual && threshold === usual.threshold && profile === usual.profile ? undefined : given;
}

/** The invalid fields of a request before it is sent. */
export const validationErrors = (request: CreateJobInput): FieldErrors => errorsOfSchema(createJobSchema, request);

/** Why a file is refused; null where it is accepted. The server checks the content again. */
export function refusalOf(file: { type: string; size: number }): string | null {
  if (!(uploadLimits.types as readonly string[]).includes(file.type)) return 'This is not a PNG, JPEG or WebP image.';
  if (file.size > uploadLimits.bytes)
    return `The file has ${formatBytes(file.size)}; at most ${formatBytes(uploadLimits.bytes)} are taken.`;
  return null;
}

export interface Facts {
  width: number;
  height: number;
  transparent: boolean;
}

const largeSide = 2000;

/** Warnings about an image before it is sent; `refused`: why the server would refuse it. */
export function remarksOn({ width, height, transparent }: Facts): { refused: string | null; warnings: string[] } {
  const size = formatSize({ width, height });
  const refused =
    Math.min(width, height) < uploadLimits.minSide
      ? `The image is ${size} pixels; each side must have at least ${uploadLimits.minSide}.`
      : Math.max(width, height) > uploadLimits.side || width * height > uploadLimits.pixels
        ? `The image is ${size} pixels; at most ${uploadLimits.side} a side and ${uploadLimits.pixels / 1e6} million in all are taken.`
        : null;
  const warnings = [
    transparent ? 'Transparent: it will be flattened on white.' : '',
    Math.max(width, height) > largeSide
      ? 'Large: models see it scaled down, and its worst patches at their own size.'
      : '',
  ];
  return { refused, warnings: warnings.filter(Boolean) };
}

export interface Guess {
  language: Language;
  /** Empty where it is not a guess. */
  why: string;
}

/**
 * What file names tell. The first that holds counts: a flow chart is no chart, and a sequence diagram no figure of a paper. That
 * order lies between the languages, so it stands here and not in their definitions; a language without a hint is not guessed.
 */
const hints: readonly { pattern: RegExp; language: Language }[] = [
  { pattern: /mermaid|flow ?chart|(sequence|state|class) ?diagram|state ?machine|gantt/i, language: 'mermaid' },
  { pattern: /molecule|smiles|compound|chem/i, language: 'smiles' },
  { pattern: /screen ?shot|page|website|landing|dashboard|report/i, language: 'html' },
  { pattern: /chart|plot|bars?\b|scatter|heat ?map|hist(ogram)?|seaborn|matplotlib/i, language: 'python' },
  { pattern: /icon|logo|badge|illustration|isometric|vector/i, language: 'svg' },
  { pattern: /tikz|pgf|latex|diagram|commutative|equation|formula/i, language: 'latex' },
];

/** A guess at the language by the file's name, or else by the image's shape; null where neither helps. */
export function guessLanguage(name: string, { width, height }: { width: number; height: number }): Guess | null {
  const words = name.replace(/\.\w+$/, '').replace(/[-_.]+/g, ' ');
  const hint = hints.find(({ pattern }) => pattern.test(words));
  if (hint) return { language: hint.language, why: 'guessed from the name' };
  if (height > 2 * width && width >= 600) return { language: 'html', why: 'guessed: tall as a page' };
  if (Math.max(width, height) <= 128) return { language: 'svg', why: 'guessed: small as an icon' };
  return null;
}

/** Nothing is known of models other than the built-in one, so they may write any language. */
const canWrite = (model: string, { writtenByBuiltinModel }: LanguageEntry): boolean =>
  model !== defaultModel || writtenByBuiltinModel;

/** Why a job of this form would fail, with the remedy; null where its model can write the language, or code is provided. */
export function whyNotWritten(
  { model, language, code }: Pick<Form, 'model' | 'language' | 'code'>,
  languages: readonly LanguageEntry[],
): string | null {
  const chosen = languages.find(({ id }) => id === language);
  if (!chosen || code.trim() !== '' || canWrite(model.trim(), chosen)) return null;
  const written = languages.filter(({ writtenByBuiltinModel }) => writtenByBuiltinModel).map(({ title }) => title);
  return `The built-in model traces shapes and cannot write ${chosen.title}: choose another model, or one of ${written.join(', ')}.`;
}

/** The guess, or a language that can be rendered here and that the model can write; unchanged while the languages are not loaded. */
export function usableGuess(guess: Guess, languages: readonly LanguageEntry[], model: string): Guess {
  const available = languages.filter((language) => language.available);
  const usable = available.filter((language) => canWrite(model, language)).map(({ id }) => id);
  if (languages.length === 0 || usable.includes(guess.language)) return guess;
  const instead = usable.includes(defaultForm.language) ? defaultForm.language : usable[0];
  if (!instead) return guess;
  const name = shownLanguage(languages, guess.language).title;
  const why = available.some(({ id }) => id === guess.language)
    ? `since the built-in model cannot write ${name}`
    : `since ${name} is not available here`;
  return { language: instead, why };
}

/** The same request on a command line. */
export function curlOf(request: CreateJobInput, file: string | null, origin: string): string {
  const body = JSON.stringify(request);
  if (file === null) return `curl -H 'content-type: application/json' -d ${shellWord(body)} ${origin}/v1/jobs`;
  return `curl -F ${shellWord(`target=@${file}`)} -F ${shellWord(`request=${body}`)} ${origin}/v1/jobs`;
}

function different<T extends object>(fields: T, from: object): Partial<T> {
  const known = from as Record<string, unknown>;
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => known[key] !== value)) as Partial<T>;
}

function differs(fields: object, from: object): boolean {
  return Object.keys(different(fields, from)).length > 0;
}

/** Whether every error of a problem belongs to a field of the form. */
export function hasFields(errors: FieldErrors): boolean {
  const pointers = Object.keys(errors);
  return pointers.length > 0 && pointers.every((pointer) => openPointers.includes(pointer) || isClosed(pointer));
}

/** The errors without those of the changed fields. */
export function withoutErrorsOf(change: Partial<Form>, errors: FieldErrors): FieldErrors {
  const isChanged = (pointer: string) =>
    pointer.startsWith('/policy/minimums/')
      ? 'minimums' in change
      : pointer.slice(pointer.lastIndexOf('/') + 1) in change;
  return Object.fromEntries(Object.entries(errors).filter(([pointer]) => !isChanged(pointer)));
}

const openPointers: readonly string[] = [
  '/target',
  '/language',
  '/model',
  ...['threshold', 'maxIterations', 'candidates'].map((field) => `/policy/${field}`),
  ...['maxTokens', 'maxSeconds', 'maxCost'].map((field) => `/budget/${field}`),
];

/** Whether a field is in the collapsed part of the form: an error there must open it. */
export const isClosed = (pointer: string): boolean =>
  closedPointers.includes(pointer) || pointer.startsWith('/policy/minimums/');

const closedPointers: readonly string[] = [
  '/name',
  '/instructions',
  '/code',
  ...[
    'profile',
    'patience',
    'patches',
    'minGain',
    'maxTextLoss',
    'maxTileLoss',
    'maxLockedLoss',
    'maxBitmapShare',
    'rewriteBelow',
    'repairs',
    'temperature',
    'seed',
    'maxOutputTokens',
  ].map((field) => `/policy/${field}`),
];
