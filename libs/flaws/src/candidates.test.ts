import { describe, expect, it } from 'vitest';
import { flawCandidates } from './candidates.ts';
import { defineFlaws, replacements } from './language-flaws.ts';
import { flawLanguages } from './languages/index.ts';
import { samples } from './testing/samples.ts';

const svg = flawLanguages.find(({ language }) => language === 'svg')!;
const code = samples['svg']!;
const list = (seed: number) => [...flawCandidates(svg, code, { seed })];

/** Each letter may become one of two others, or go. */
const toy = defineFlaws<string>({
  language: 'toy',
  read: (text) => text,
  finders: {
    'wrong-label': (text) =>
      [...text].map((_, index) => replacements(index, index + 1, ['x', 'y'], (other) => `It is ${other}.`)),
    'missing-element': (text) =>
      [...text].map((_, index) => replacements(index, index + 1, [''], () => 'It is missing.')),
  },
});

describe('flawCandidates', () => {
  it('gives the same twins for the same code and seed, and others for others', () => {
    expect(list(1)).toEqual(list(1));
    expect(list(1)).not.toEqual(list(2));
    expect(
      list(1)
        .map(({ flawedCode }) => flawedCode)
        .sort(),
    ).toEqual(
      list(2)
        .map(({ flawedCode }) => flawedCode)
        .sort(),
    );
  });

  it('lets the kinds take turns', () => {
    const first = list(1)
      .slice(0, svg.kinds.length)
      .map(({ flaw }) => flaw.kind);
    expect(new Set(first).size).toBe(svg.kinds.length);
  });

  it('makes only the kinds that are asked for', () => {
    const kinds = new Set(
      [...flawCandidates(svg, code, { seed: 1, kinds: ['wrong-color', 'missing-element'] })].map(
        ({ flaw }) => flaw.kind,
      ),
    );
    expect([...kinds].sort()).toEqual(['missing-element', 'wrong-color']);
  });

  it('flaws every place once before it flaws one in another way', () => {
    const changed = [...flawCandidates(toy, 'abcd', { seed: 5, kinds: ['wrong-label'] })].map(({ flawedCode }) =>
      [...flawedCode].findIndex((letter) => letter === 'x' || letter === 'y'),
    );
    expect(changed).toHaveLength(8);
    expect(new Set(changed.slice(0, 4)).size).toBe(4);
  });

  it('leaves out a twin that another one equals, and a blank one', () => {
    const twins = [...flawCandidates(toy, 'aab', { seed: 1, kinds: ['missing-element'] })].map(
      ({ flawedCode }) => flawedCode,
    );
    expect(twins.sort()).toEqual(['aa', 'ab']);
    expect([...flawCandidates(toy, 'a', { seed: 1, kinds: ['missing-element'] })]).toEqual([]);
  });
});
