import type { HostileProgram } from '../../../port/samples.ts';

export const open =
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="200">';
export const mark = '<rect x="20" y="20" width="60" height="60" fill="teal"/>';
export const last = '<rect x="120" y="120" width="60" height="60" fill="orange"/>';
export const svg = (body: string): string => `${open}${mark}${body}${last}</svg>`;
export const stopped = /^The code did not finish within/;
export const crashed = /^(?:The page|librsvg) crashed/;

/** What follows the attack is drawn. */
export const passed: HostileProgram['endings'] = { ok: { color: 'ffa500' } };
export const attack = (code: string, endings = passed): HostileProgram => ({ code, endings });

/** An error of the parser. A browser draws the rest. */
export const malformed = (message: RegExp): HostileProgram['endings'] => ({ ok: message });

/** A drawing that is too much. In its rehearsal the same is little. */
export const growing = (
  make: (count: number) => string,
  [few, many]: [few: number, many: number],
  endings: HostileProgram['endings'] = { timeout: stopped },
): HostileProgram => ({ code: make(many), endings, rehearsal: attack(make(few)) });

export const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('');

/** A drawing with a page within it, for which a browser is needed. */
export const inBrowser = (body: string): string =>
  svg(
    `<foreignObject width="200" height="200"><div xmlns="http://www.w3.org/1999/xhtml">${body}</div></foreignObject>`,
  );
