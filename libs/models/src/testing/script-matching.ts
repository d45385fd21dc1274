import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { blocksOfLanguage, editMarkers, readTask, type Task } from '@pentimento/contracts';
import type { FencedLanguage } from '@pentimento/vectorizer';
import { modelPromptDigest } from '../calls/prompt.ts';
import type { When } from './script.ts';

/** What a step is chosen by and its templates are filled from. */
export interface ScriptInput {
  model: string;
  digest: string;
  text: string;
  task: Task | undefined;
  /** The task's language; undefined where it is not known. */
  language: FencedLanguage | undefined;
  /** The current code in the prompt; null where there is none. */
  code: string | null;
  seed: number | null;
  attempt: number;
  call: number;
}

export function scriptInputOf(
  model: string,
  { prompt, seed }: LanguageModelV4CallOptions,
  languages: readonly FencedLanguage[],
  count: { call: number; attempt(digest: string, seed: number | null): number },
): ScriptInput {
  const text = userText(prompt);
  const task = readTask(text);
  const language = languages.find(({ id }) => id === task?.language);
  const digest = modelPromptDigest(prompt);
  return {
    model,
    digest,
    text,
    task,
    language,
    code: language ? currentCode(text, language) : null,
    seed: seed ?? null,
    attempt: count.attempt(digest, seed ?? null),
    call: count.call,
  };
}

export function holds(when: When, input: ScriptInput): boolean {
  const { model, text, task, code, seed, attempt, call } = input;
  const score = task?.score ?? null;
  const equal = <T>(wanted: T | undefined, actual: T | null | undefined) => wanted === undefined || wanted === actual;
  return (
    equal(when.model, model) &&
    equal(when.task, task?.task) &&
    equal(when.language, task?.language) &&
    equal(when.answer, task?.answer) &&
    equal(when.seed, seed) &&
    equal(when.attempt, attempt) &&
    equal(when.call, call) &&
    equal(when.codeLines, lineCount(code)) &&
    (when.scoreBelow === undefined || (score !== null && score < when.scoreBelow)) &&
    (when.scoreAtLeast === undefined || (score !== null && score >= when.scoreAtLeast)) &&
    (when.codeHas === undefined || (code ?? '').includes(when.codeHas)) &&
    [when.has ?? []].flat().every((part) => text.includes(part)) &&
    (when.lacks === undefined || !text.includes(when.lacks))
  );
}

/** Fills `{{name}}` in a template; a name that is not known stays as it is. */
export function fill(template: string, { task, code, seed, attempt, call }: ScriptInput): string {
  const values: Record<string, string> = {
    language: task?.language ?? '',
    width: String(task?.size.width ?? ''),
    height: String(task?.size.height ?? ''),
    score: String(task?.score ?? ''),
    code: code ?? '',
    lines: String(lineCount(code)),
    seed: String(seed ?? ''),
    attempt: String(attempt),
    call: String(call),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function lineCount(code: string | null): number {
  return code === null ? 0 : code.split('\n').length;
}

function userText(prompt: LanguageModelV4Prompt): string {
  return prompt
    .filter((message) => message.role === 'user')
    .flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')))
    .join('\n');
}

/** The prompt's first block of the language; a block that shows the form of edits is none. */
function currentCode(text: string, { fenceNames }: FencedLanguage): string | null {
  return blocksOfLanguage(text, fenceNames).find((body) => !body.includes(editMarkers.search)) ?? null;
}
