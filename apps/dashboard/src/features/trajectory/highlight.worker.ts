import { createCssVariablesTheme, createHighlighterCore, type GrammarState, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { bundledLanguages, type BundledLanguage } from 'shiki/langs';
import type { HighlightResult, HighlightRequest, Token } from './highlight.ts';

const maxLineLength = 2000;

let highlighter: Promise<HighlighterCore> | undefined;

/** Uses JavaScript's regular expressions: WebAssembly is not needed here. */
function createHighlighter(): Promise<HighlighterCore> {
  return createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [createCssVariablesTheme({ name: 'css-variables', variablePrefix: '--shiki-' })],
    langs: [],
  });
}

/** The grammar's states after the chunks of codes that grow, by code. */
const ends = new Map<string, (GrammarState | undefined)[]>();
/** More codes than this do not grow at a time. */
const maxGrowing = 64;

/**
 * Null where Shiki has no such grammar: each is a chunk of its own, loaded when its language is first shown. Null also for a chunk whose
 * predecessor is not known.
 */
async function tokensOf({ code, grammar, growing }: HighlightRequest): Promise<Token[][] | null> {
  if (!Object.hasOwn(bundledLanguages, grammar)) return null;
  const ready = await (highlighter ??= createHighlighter());
  await ready.loadLanguage((await bundledLanguages[grammar as BundledLanguage]()).default);
  const states = growing && statesOf(growing.id);
  const grammarState = growing && states?.[growing.index - 1];
  if (growing && growing.index > 0 && !grammarState) return null;
  const lines = ready.codeToTokensBase(code, {
    lang: grammar,
    theme: 'css-variables',
    tokenizeMaxLineLength: maxLineLength,
    ...(grammarState && { grammarState }),
  });
  // A chunk ends with the line break that begins the next one.
  if (states && code.endsWith('\n')) states[growing.index] = ready.getLastGrammarState(lines);
  return lines.map((line) => line.map(({ content, color }) => ({ content, color })));
}

function statesOf(id: string): (GrammarState | undefined)[] {
  const states = ends.get(id) ?? [];
  ends.delete(id);
  ends.set(id, states);
  if (ends.size > maxGrowing) ends.delete(ends.keys().next().value!);
  return states;
}

/** One after the other, so that each chunk finds the state of the one before it. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
  last = last.then(async () => {
    const answer: HighlightResult = { id: data.id, lines: await tokensOf(data).catch(() => null) };
    postMessage(answer);
  });
});
