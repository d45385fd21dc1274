import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { z } from 'zod';
import type { FencedLanguage } from '@pentimento/vectorizer';
import { noLog, openLog } from './log.ts';
import { createScriptedModel } from './model.ts';
import { scriptSchema, type Script } from './script.ts';

export type { LoggedCall } from './log.ts';

export interface OpenedScript {
  /** Why the script cannot be played, with the remedy; null where it can. */
  problem: string | null;
  create(model: string): LanguageModelV4;
}

/** Reads a script once, at start. Throws nothing; `create` throws where there is a problem. */
export function openScript(
  path: string,
  languages: readonly FencedLanguage[],
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
): OpenedScript {
  const read = readScript(path);
  if (!read.ok) {
    return {
      problem: read.problem,
      create: () => {
        throw new Error(read.problem);
      },
    };
  }
  const { script } = read;
  const log = script.log === undefined ? noLog : openLog(resolve(dirname(path), script.log));
  let calls = 0;
  const nextCall = () => ++calls;
  return { problem: null, create: (model) => createScriptedModel(model, { script, languages, log, wait, nextCall }) };
}

function readScript(path: string): { ok: true; script: Script } | { ok: false; problem: string } {
  try {
    return { ok: true, script: scriptSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replace(/\s*\n\s*/g, ' ') : String(error);
    return {
      ok: false,
      problem: `PENTIMENTO_SCRIPTED_MODEL names no usable script (${why}): correct the file, or unset it.`,
    };
  }
}
