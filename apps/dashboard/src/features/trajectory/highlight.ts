import type { Language } from '@pentimento/contracts';
import type { HighlighterCore, LanguageRegistration, ThemedToken } from 'shiki/core';

/** Above these, code is shown as plain text: colouring it would hold up the page. */
export const highlightLimits = { bytes: 200 * 1024, lines: 3000, lineLength: 2000 } as const;

const grammars: Record<Language, { name: string; load: () => Promise<{ default: LanguageRegistration[] }> } | null> = {
  python: { name: 'python', load: () => import('shiki/langs/python.mjs') },
  html: { name: 'html', load: () => import('shiki/langs/html.mjs') },
  svg: { name: 'xml', load: () => import('shiki/langs/xml.mjs') },
  latex: { name: 'tex', load: () => import('shiki/langs/tex.mjs') },
  smiles: null,
};

let highlighter: Promise<HighlighterCore> | undefined;

/** The code's lines as coloured tokens; null where it stays plain text. */
export async function highlight(code: string, language: Language): Promise<ThemedToken[][] | null> {
  const grammar = grammars[language];
  if (!grammar || code.length > highlightLimits.bytes || lineCount(code) > highlightLimits.lines) return null;
  highlighter ??= createHighlighter();
  const ready = await highlighter;
  await ready.loadLanguage((await grammar.load()).default);
  return ready.codeToTokensBase(code, {
    lang: grammar.name,
    theme: 'css-variables',
    tokenizeMaxLineLength: highlightLimits.lineLength,
  });
}

/** JavaScript's own regular expressions: no WebAssembly, which the content security policy would have to allow. */
async function createHighlighter(): Promise<HighlighterCore> {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createJavaScriptRegexEngine }] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/javascript'),
  ]);
  return createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [createCssVariablesTheme({ name: 'css-variables', variablePrefix: '--shiki-' })],
    langs: [],
  });
}

function lineCount(code: string): number {
  return code.split('\n', highlightLimits.lines + 1).length;
}
