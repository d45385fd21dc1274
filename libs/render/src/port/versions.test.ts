import { expect, it } from 'vitest';
import { describeVersion, versionsIn } from './versions.ts';

it.each([
  ['mermaid-11.17.2 chromium-150.0.7871.100', 'Mermaid 11.17, Chromium 150'],
  ['html chromium-150.0.7871.100 libraries-9d686741', 'Chromium 150'],
  ['latex pdftex-1.40.24 texlive-2022-803b1271 poppler-22.12.0', 'pdfTeX 1.40, TeX Live 2022'],
  ['smiles rdkit-2022.09.3', 'RDKit 2022.09'],
  ['svg', undefined],
])('the versions in %j are %j', (renderer, versions) => {
  expect(versionsIn(renderer)).toBe(versions);
});

it('a version is told by its first two numbers', () => {
  expect(describeVersion('Python', '3.11.2')).toBe('Python 3.11');
});
