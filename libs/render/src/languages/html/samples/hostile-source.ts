import type { HostileProgram } from '../../../port/samples.ts';

/** Defines `reached()`: a request that is refused, and so is in the log even if the page never answers again. */
export const reporting = `<script>function reached(what = '') {
  const request = new XMLHttpRequest(); request.open('GET', 'http://reached.invalid/' + what, false); try { request.send() } catch {}
}</script>`;

/** A page whose script calls `reached()` immediately before its attack. */
export const script = (code: string): string =>
  `<!doctype html><body><h1>hello</h1>${reporting}<script>${code}</script>`;

const noMistake = String.raw`^(?![\s\S]*\b(?:ReferenceError|SyntaxError|TypeError)\b)`;

/** `reached()` was called, and no script of the page failed by a mistake. */
export const reached = new RegExp(String.raw`${noMistake}[\s\S]*refused: [^\n]*http://reached\.invalid/`);

/** `reached(what)` was called with each of these. */
export const reachedWith = (...whats: string[]): RegExp =>
  refused(...whats.map((what) => `http://reached.invalid/${what}`));

/** Each of these requests was made and refused. */
export const refused = (...urls: string[]): RegExp =>
  new RegExp(
    '^' +
      urls.map((url) => String.raw`(?=[\s\S]*refused: [^\n]*${url.replaceAll('.', String.raw`\.`)}(?:\s|$))`).join(''),
  );

/** A page that does not end by itself. */
export const endless: HostileProgram['endings'] = { timeout: reached };
