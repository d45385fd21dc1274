import { defineFlaws, namesInstead, quoted, replacements, type FlawSite } from '../language-flaws.ts';
import names from '../names/smiles.json' with { type: 'json' };
import { readSmiles, type Smiles, type SmilesAtom } from '../readers/smiles.ts';
import type { Span } from '../readers/span.ts';

const bondNames: Record<string, string> = { '': 'single', '-': 'single', '=': 'double', '#': 'triple' };
const substituents = ['(F)', '(C)', '(O)', '(Cl)', '(N)'];

/**
 * A molecule has no colors of its own, so that this kind does not apply, and there are no calls. A label is an atom's symbol, a
 * number the order of a bond or a charge, an element a substituent, and a size that of a ring or chain.
 */
export const smiles = defineFlaws<Smiles>({
  language: 'smiles',
  read: readSmiles,
  finders: {
    'wrong-label': ({ atoms }) => atoms.map(wrongAtom),
    'wrong-number': ({ atoms }) => [...atoms.slice(1).map(wrongBond), ...atoms.map(wrongCharge)],
    'missing-element': (molecule) => [
      ...molecule.branches.map((branch) => missingBranch(branch, molecule)),
      ...missingEnds(molecule),
    ],
    'extra-element': ({ atoms }) => atoms.filter(isPlain).map(extraSubstituent),
    'shifted-part': movedBranches,
    'resized-part': ({ atoms }) => [...longerChains(atoms), ...shorterChains(atoms)],
    'broken-syntax': brokenSyntax,
  },
});

const named = ({ text, number }: SmilesAtom): string => `atom ${number} (${text})`;
const isPlain = ({ text }: SmilesAtom): boolean => namesInstead(names.atoms, text).length > 0;

function wrongAtom({ start, end, text, number }: SmilesAtom): FlawSite {
  return replacements(
    start,
    end,
    namesInstead(names.atoms, text),
    (other) => `Atom ${number} is ${other} instead of ${text}.`,
  );
}

function wrongBond(atom: SmilesAtom): FlawSite {
  const { start, end, text } = atom.bond;
  const isAromatic = /^[a-z]/.test(atom.text);
  const others =
    isAromatic || !Object.hasOwn(bondNames, text)
      ? []
      : ['', '=', '#'].filter((other) => bondNames[other] !== bondNames[text]);
  return replacements(start, end, others, (other) => {
    return `The bond in front of ${named(atom)} is ${bondNames[other]} instead of ${bondNames[text]}.`;
  });
}

function wrongCharge({ start, text, number }: SmilesAtom): FlawSite {
  const charge = /^\[.*?([+-])\d*\]$/.exec(text)?.[1];
  const at = start + (charge ? text.lastIndexOf(charge) : 0);
  const others = charge ? [charge === '+' ? '-' : '+', ''] : [];
  return replacements(
    at,
    at + (charge ? 1 : 0),
    others,
    (other) => `Atom ${number} has the charge ${other || '0'} instead of ${charge}.`,
  );
}

function missingBranch({ start, end }: Span, { code }: Smiles): FlawSite {
  return replacements(start, end, [''], () => `The substituent ${code.slice(start + 1, end - 1)} is missing.`);
}

/** The last atom, where it closes no ring, and the first, where it opens none. */
function missingEnds({ atoms, end }: Smiles): FlawSite[] {
  const [first, last] = [atoms[0], atoms.at(-1)];
  if (atoms.length < 3 || !first || !last) return [];
  const sites: FlawSite[] = [];
  if (last.end === end)
    sites.push(replacements(last.bond.start, last.end, [''], () => `The last atom, ${last.text}, is missing.`));
  if (first.unitEnd === first.end && atoms[1]!.bond.text === '' && atoms[1]!.start === first.end) {
    sites.push(replacements(first.start, first.end, [''], () => `The first atom, ${first.text}, is missing.`));
  }
  return sites;
}

function extraSubstituent(atom: SmilesAtom): FlawSite {
  return replacements(
    atom.unitEnd,
    atom.unitEnd,
    substituents,
    (text) => `${quoted(text.slice(1, -1))} is an additional substituent of ${named(atom)}.`,
  );
}

/** Each branch at the next atom of its chain, and at the one before. */
function movedBranches({ code, atoms, branches }: Smiles): FlawSite[] {
  const byUnitEnd = new Map(atoms.map((atom) => [atom.unitEnd, atom]));
  const byBond = new Map(atoms.map((atom) => [atom.bond.start, atom]));
  return branches.flatMap(({ start, end }) => {
    const branch = code.slice(start, end);
    const owner = byUnitEnd.get(start);
    const next = byBond.get(end);
    const previous = owner && byUnitEnd.get(owner.bond.start);
    if (!owner) return [];
    const describe = (to: SmilesAtom) => () =>
      `The substituent ${branch.slice(1, -1)} is at ${named(to)} instead of ${named(owner)}.`;
    const { start: ownStart } = owner.bond;
    return [
      ...(next ? [replacements(start, next.unitEnd, [code.slice(end, next.unitEnd) + branch], describe(next))] : []),
      ...(previous ? [replacements(ownStart, end, [branch + code.slice(ownStart, start)], describe(previous))] : []),
    ];
  });
}

const longerChains = (atoms: readonly SmilesAtom[]): FlawSite[] =>
  atoms
    .filter(
      (atom, index) =>
        /^[CNOS]$/.test(atom.text) && atoms[index + 1]?.bond.text === '' && atoms[index + 1]!.start === atom.unitEnd,
    )
    .map((atom) =>
      replacements(
        atom.unitEnd,
        atom.unitEnd,
        ['C', 'CC'],
        (text) => `${text.length} more C follow ${named(atom)}: the ring or chain is longer.`,
      ),
    );

const shorterChains = (atoms: readonly SmilesAtom[]): FlawSite[] =>
  atoms
    .slice(1, -1)
    .filter(
      (atom, index) =>
        atom.text === 'C' && atom.unitEnd === atom.end && atom.bond.text === '' && atoms[index + 2]!.start === atom.end,
    )
    .map((atom) =>
      replacements(
        atom.start,
        atom.end,
        [''],
        () => `Atom ${atom.number} (${atom.text}) is missing: the ring or chain is shorter.`,
      ),
    );

function brokenSyntax({ code, ringDigits, branches, atoms }: Smiles): FlawSite[] {
  const lacking = (start: number, end: number) =>
    replacements(start, end, [''], () => `${quoted(code.slice(start, end))} at character ${start + 1} is missing.`);
  return [
    ...ringDigits.map(({ start, end }) => lacking(start, end)),
    ...branches.flatMap(({ start, end }) => [lacking(start, start + 1), lacking(end - 1, end)]),
    ...atoms.filter(({ text }) => text.startsWith('[')).map(({ end }) => lacking(end - 1, end)),
    ...atoms.map(({ start, end, text }) =>
      replacements(start, end, ['Q', '=='], (other) => `${quoted(other)} stands in place of the atom ${text}.`),
    ),
  ];
}
