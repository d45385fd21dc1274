import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
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

/** Null where Shiki has no such grammar: each is a chunk of its own, loaded when its language is first shown. */
async function tokensOf(code: string, grammar: string): Promise<Token[][] | null> {
  if (!Object.hasOwn(bundledLanguages, grammar)) return null;
  const ready = await (highlighter ??= createHighlighter());
  await ready.loadLanguage((await bundledLanguages[grammar as BundledLanguage]()).default);
  const lines = ready.codeToTokensBase(code, {
    lang: grammar,
    theme: 'css-variables',
    tokenizeMaxLineLength: maxLineLength,
  });
  return lines.map((line) => line.map(({ content, color }) => ({ content, color })));
}

addEventListener('message', async ({ data }: MessageEvent<HighlightRequest>) => {
  const answer: HighlightResult = { id: data.id, lines: await tokensOf(data.code, data.grammar).catch(() => null) };
  postMessage(answer);
});
