import { describe, expect, it } from 'vitest';
import { flawKinds, flawSchema } from '@pentimento/contracts';
import { flawCandidates } from '../candidates.ts';
import { samples } from '../testing/samples.ts';
import { flawLanguages } from './index.ts';

const depth = 3000;
/** Deeper than a function could call itself. */
const nested = ['<g>', '(', '{', '[', '{(', '"', '`', '\\begin{a}'].map((open) => open.repeat(depth));
const noSense = [
  '',
  ' ',
  '\n\n',
  '<',
  '<svg',
  '"""',
  '{[(',
  '\\begin{',
  '((((',
  'graph',
  '🙂',
  '\u0000',
  'x = (1, ["a"',
];

describe.each(flawLanguages)('$language', (language) => {
  const code = samples[language.language]!;
  const candidates = [...flawCandidates(language, code, { seed: 3 })];

  it('has kinds of the closed list, in its order or not, each once', () => {
    expect(new Set(language.kinds).size).toBe(language.kinds.length);
    for (const kind of language.kinds) expect(flawKinds).toContain(kind);
  });

  it('makes a flaw of every kind that applies to it', () => {
    expect([...new Set(candidates.map(({ flaw }) => flaw.kind))].sort()).toEqual(language.kinds.toSorted());
  });

  it('describes each flaw in a sentence', () => {
    for (const { flaw } of candidates) {
      expect(flawSchema.parse(flaw)).toEqual(flaw);
      expect(flaw.description).toMatch(/^[^a-z\s].*\.$/s);
      expect(flaw.description).not.toMatch(/undefined|null|NaN|\[object/);
    }
  });

  it('changes the code by one edit, which reversed is the fix', () => {
    for (const { flaw, flawedCode } of candidates) {
      const { search, replace } = flaw.edit;
      expect(code.split(search)).toHaveLength(2);
      expect(code.replace(search, () => replace)).toBe(flawedCode);
      expect(flawedCode.split(replace)).toHaveLength(2);
      expect(flawedCode.replace(replace, () => search)).toBe(code);
    }
  });

  it('never makes the same code twice, nor the correct one', () => {
    const codes = new Set(candidates.map(({ flawedCode }) => flawedCode));
    expect(codes.size).toBe(candidates.length);
    expect(codes.has(code)).toBe(false);
  });

  it('stays within the code', () => {
    for (const sites of language.sites(code).values()) {
      for (const { start, end } of sites) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(code.length);
      }
    }
  });

  it.each([...noSense, ...Object.values(samples)])('reads any text: %j', (text) => {
    expect(() => [...flawCandidates(language, text, { seed: 1 })]).not.toThrow();
    expect(() => language.sites(text.slice(0, text.length / 2))).not.toThrow();
  });

  it('reads what is nested deeply', () => {
    for (const text of nested) expect(() => language.sites(text)).not.toThrow();
  });

  it('reads long code in time that grows with its length', () => {
    const timeOf = (text: string): number => {
      const before = process.threadCpuUsage();
      language.sites(text);
      return process.threadCpuUsage(before).user / 1000;
    };
    timeOf(code);
    const separator = language.language === 'smiles' ? '' : '\n';
    const short = timeOf(Array.from({ length: 50 }, () => code).join(separator));
    const long = timeOf(Array.from({ length: 400 }, () => code).join(separator));
    expect(long).toBeLessThan(24 * Math.max(short, 25));
  });
});
