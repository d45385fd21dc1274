import type { Language } from '@pentimento/contracts';
import {
  createCssVariablesTheme,
  createHighlighterCore,
  type HighlighterCore,
  type LanguageRegistration,
} from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { HighlightAnswer, HighlightRequest, Token } from './highlight.ts';

const longestLine = 2000;

const grammars: Record<Language, { name: string; load: () => Promise<{ default: LanguageRegistration[] }> } | null> = {
  python: { name: 'python', load: () => import('shiki/langs/python.mjs') },
  html: { name: 'html', load: () => import('shiki/langs/html.mjs') },
  svg: { name: 'xml', load: () => import('shiki/langs/xml.mjs') },
  latex: { name: 'tex', load: () => import('shiki/langs/tex.mjs') },
  smiles: null,
  mermaid: { name: 'mermaid', load: () => import('shiki/langs/mermaid.mjs') },
};

let highlighter: Promise<HighlighterCore> | undefined;

/** JavaScript's own regular expressions: WebAssembly is more than this needs. */
function createHighlighter(): Promise<HighlighterCore> {
  return createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [createCssVariablesTheme({ name: 'css-variables', variablePrefix: '--shiki-' })],
    langs: [],
  });
}

async function tokensOf(code: string, language: Language): Promise<Token[][] | null> {
  const grammar = grammars[language];
  if (!grammar) return null;
  const ready = await (highlighter ??= createHighlighter());
  await ready.loadLanguage((await grammar.load()).default);
  const lines = ready.codeToTokensBase(code, {
    lang: grammar.name,
    theme: 'css-variables',
    tokenizeMaxLineLength: longestLine,
  });
  return lines.map((line) => line.map(({ content, color }) => ({ content, color })));
}

addEventListener('message', async ({ data }: MessageEvent<HighlightRequest>) => {
  const answer: HighlightAnswer = { id: data.id, lines: await tokensOf(data.code, data.language).catch(() => null) };
  postMessage(answer);
});
