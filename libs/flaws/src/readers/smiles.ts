import type { Span } from './span.ts';

export interface SmilesAtom extends Span {
  /** The bond in front of it, as written; empty where it is implied. */
  bond: Span & { text: string };
  text: string;
  /** Just behind the digits that open or close rings at it. */
  unitEnd: number;
  /** Its place among the atoms, from 1. */
  number: number;
}

/** From the start to the end of the string, without a name behind it. */
export interface Smiles extends Span {
  code: string;
  atoms: SmilesAtom[];
  /** From each `(` to just behind its `)`. */
  branches: Span[];
  /** Where the digits (`1`, `%12`) of rings are. */
  ringDigits: Span[];
}

const tokens =
  /(?<bond>[-=#:$/\\])|(?<ring>%\d\d|\d)|(?<atom>\[[^\]\s]*\]|Br|Cl|[BCNOPSFIbcnops*])|(?<branch>[()])|\S/g;

/** The atoms, bonds, rings and branches of a SMILES, by their places (OpenSMILES 1.0, section 3). */
export function readSmiles(code: string): Smiles {
  const [, space, text] = /^(\s*)(\S*)/.exec(code)!;
  const start = space!.length;
  const smiles: Smiles = { code, atoms: [], branches: [], ringDigits: [], start, end: start + text!.length };
  const open: number[] = [];
  let bond: SmilesAtom['bond'] | undefined;
  for (const { 0: token, index, groups } of text!.matchAll(tokens)) {
    const span = { start: start + index, end: start + index + token.length };
    if (groups!['bond']) bond = { ...span, text: token };
    else if (groups!['ring']) {
      smiles.ringDigits.push(span);
      const last = smiles.atoms.at(-1);
      if (last) last.unitEnd = span.end;
      bond = undefined;
    } else if (groups!['atom']) {
      const implied = { start: span.start, end: span.start, text: '' };
      smiles.atoms.push({
        ...span,
        text: token,
        bond: bond ?? implied,
        unitEnd: span.end,
        number: smiles.atoms.length + 1,
      });
      bond = undefined;
    } else if (token === '(') open.push(span.start);
    else if (token === ')' && open.length > 0) smiles.branches.push({ start: open.pop()!, end: span.end });
  }
  return smiles;
}
