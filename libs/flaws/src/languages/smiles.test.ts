import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { smiles } from './smiles.ts';

const changes = (kind: FlawKind, code = 'CC(=O)Oc1ccccc1C(=O)O') => changesOf(smiles, code, kind);

it('has no colors and no calls', () => {
  expect(smiles.kinds).not.toContain('wrong-color');
  expect(smiles.kinds).not.toContain('wrong-call');
});

it('changes atoms, of two letters too', () => {
  expect(changes('wrong-label', 'CCl')).toEqual(['C -> N', 'C -> O', 'C -> S', 'Cl -> F', 'Cl -> Br', 'Cl -> I']);
});

it('changes orders of bonds, and charges', () => {
  expect(changes('wrong-number', 'CC=O')).toEqual([' -> =', ' -> #', '= -> ', '= -> #']);
  expect(changes('wrong-number', '[Na+].[Cl-]')).toEqual(expect.arrayContaining(['+ -> -', '- -> +', '- -> ']));
  expect(changes('wrong-number', 'c1ccccc1')).toEqual([]);
});

it('takes out substituents and ends', () => {
  expect(changes('missing-element')).toEqual(['(=O) -> ', '(=O) -> ', 'O -> ', 'C -> ']);
});

it('adds substituents behind the digits of a ring', () => {
  expect(changes('extra-element', 'C1CC1')).toContain(' -> (F)');
  expect(
    smiles
      .sites('C1CC1')
      .get('extra-element')!
      .map(({ start }) => start),
  ).toEqual([2, 3, 5]);
});

it('moves substituents to the next atom and the one before', () => {
  expect(changes('shifted-part', 'CC(O)C')).toEqual(['(O)C -> C(O)', 'C(O) -> (O)C']);
});

it('makes chains longer and shorter', () => {
  expect(changes('resized-part', 'CCO')).toEqual([' -> C', ' -> CC', ' -> C', ' -> CC', 'C -> ']);
});

it('breaks rings, branches, brackets and atoms', () => {
  expect(changes('broken-syntax', 'C1CC1(O)[NH2]')).toEqual(
    expect.arrayContaining(['1 -> ', '( -> ', ') -> ', '] -> ', 'C -> Q', 'O -> ==']),
  );
});

it('reads the string and not the name behind it', () => {
  expect(changes('wrong-label', '  CO methanol, Cl\n')).toEqual(changes('wrong-label', 'CO'));
});
