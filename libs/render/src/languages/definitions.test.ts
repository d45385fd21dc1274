import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageInfoSchema } from '@pentimento/contracts';
import { bundledLanguages } from 'shiki/langs';
import { describe, expect, it } from 'vitest';
import { languages } from './index.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const pathOf = (...parts: string[]): string => join(import.meta.dirname, ...parts);
const ids = languages.map(({ id }) => id);

describe('the registered languages', () => {
  it('are the folders, each by its name, in the order of the alphabet', () => {
    expect(ids).toEqual(folders.map(({ name }) => name).sort());
  });

  it('share no fence name, so that a block of a reply is of one language', () => {
    const names = languages.flatMap(({ fenceNames }) => fenceNames);
    expect(names).toEqual([...new Set(names)]);
  });

  it('share no file extension, and none has the id of another as its own', () => {
    const extensions = languages.map(({ id, fileExtension }) => [...new Set([id, fileExtension])]).flat();
    expect(extensions).toEqual([...new Set(extensions)]);
  });
});

describe.each(languages)('the language $id', (language) => {
  const { id, fenceNames, highlighting, promptInstructions } = language;

  it('can be described over HTTP', () => {
    const { title, fileExtension } = language;
    const info = { id, title, fenceNames, fileExtension, highlighting, writtenByBuiltinModel: false };
    expect(languageInfoSchema.parse(info)).toEqual(info);
  });

  it('has fence names that a reply can open a block with', () => {
    for (const name of fenceNames) expect(name).toMatch(/^[a-z0-9+#.-]+$/);
  });

  it('tells a model what to write, in whole sentences on one line', () => {
    expect(promptInstructions).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it('is colored by a grammar that the dashboard has, or by none', () => {
    if (highlighting !== null) expect(Object.keys(bundledLanguages)).toContain(highlighting);
  });

  it('loads nothing but data until its renderer or its samples are asked for', () => {
    const source = readFileSync(pathOf(id, 'definition.ts'), 'utf8');
    const imports = source.match(/^import .*/gm) ?? [];
    expect(imports).toEqual(imports.filter((line) => line.startsWith('import type ')));
  });

  it.each(['renderer.ts', 'debian.json', 'samples/index.ts', 'samples/contract.ts'])('has %s in its folder', (file) => {
    expect(existsSync(pathOf(id, file))).toBe(true);
  });
});
