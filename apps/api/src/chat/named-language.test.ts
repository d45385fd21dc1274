import { languages } from '@pentimento/render/languages';
import { describe, expect, it } from 'vitest';
import { languageOfBlocks, namedLanguage } from './named-language.ts';

const nameOf = (...texts: string[]) => namedLanguage(texts, languages);

describe('namedLanguage', () => {
  it.each([
    ['You are an expert Python developer who writes matplotlib code based on a given picture.', 'python'],
    ['Return a single html file that uses HTML and CSS to reproduce the given website.', 'html'],
    ['Please generate the TikZ code of this figure.', 'latex'],
    ['Draw it as SVG.', 'svg'],
    ['Which molecule is this? Answer in SMILES.', 'smiles'],
    ['mermaid!', 'mermaid'],
    ['```py', 'python'],
  ])('is what an instruction asks for: %s', (text, language) => {
    expect(nameOf(text)).toBe(language);
  });

  it.each([
    ['Reproduce this chart with seaborn.', 'python'],
    ['Rebuild this web page.', 'html'],
    ['Redraw this matplotlib chart as SVG.', 'svg'],
  ])('is hinted at where it is not named: %s', (text, language) => {
    expect(nameOf(text)).toBe(language);
  });

  it('is that of the first text that names one', () => {
    expect(nameOf('Make it blue.', 'svg', 'In Python, please.')).toBe('svg');
  });

  it.each([
    ['Draw it.', /names no language: name one of html, latex, .* in the model \(pentimento\/LANGUAGE/],
    ['Draw it as pythonic, htmlish svgs.', /names no language/],
    ['As SVG in HTML.', /names HTML and SVG: name one of/],
    ['', /names no language/],
  ])('is refused where it is not clear: %j', (text, message) => {
    expect(() => nameOf(text)).toThrow(message);
  });

  it('reads a long text in a time that grows with its length', () => {
    expect(() => nameOf('.'.repeat(1_000_000), 'é '.repeat(500_000))).toThrow(/names no language/);
  });
});

it('reads the language of the last block that has one', () => {
  const reply = '```html\n<p>\n```\nor\n```svg\n<svg/>\n```\nand\n```json\n{}\n```';
  expect(languageOfBlocks(reply, languages)).toBe('svg');
  expect(languageOfBlocks('No code.', languages)).toBeUndefined();
});
