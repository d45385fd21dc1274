import type { HostileProgram } from '../../../port/samples.ts';

export const graph = (body: string): string => `flowchart LR\n  benign --> right\n${body}`;
export const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');

export const attack = (code: string, ok: RegExp | { color: string }, next?: HostileProgram): HostileProgram => ({
  code,
  endings: { ok },
  ...(next && { next }),
});
/** Mermaid itself refuses the diagram. */
export const refusedAs = (code: string, kind: 'syntax' | 'runtime' | 'too-large', message: RegExp): HostileProgram => ({
  code,
  endings: { [kind]: new RegExp(`^Mermaid cannot render it: [\\s\\S]*(?:${message.source})`) },
});
export const tooLong = (code: string): HostileProgram => ({
  code,
  endings: { 'too-large': new RegExp(`^The diagram has ${code.length} characters`) },
});
const stopped = /^The code did not finish within/;
/** A diagram that is too much. In its rehearsal the same is little, and is drawn. */
export const growing = (
  make: (count: number) => string,
  [few, many]: [few: number, many: number],
  ok: RegExp,
  endings: HostileProgram['endings'] = { timeout: stopped },
): HostileProgram => ({
  code: make(many),
  endings,
  rehearsal: attack(make(few), ok),
});

/** The words around an attack within a label are drawn. */
export const around = /shown[\s\S]*after/;
/** The whole diagram is drawn. */
export const drawn = /benign[\s\S]*right/;
/** A diagram that is scaled down until no word of it can be seen. */
export const unseen = /^\s*$/;
export const refusedImage = /refused: [^\n]*http:\/\/page\.invalid\/x/;
/** The largest number that a diagram can write: there are no exponents. */
export const huge = '9'.repeat(308);
export const orange = { color: 'ffa500' };
