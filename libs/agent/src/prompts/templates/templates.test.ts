import { expect, it } from 'vitest';
import { fillTemplate, fillText } from '../fill.ts';
import { promptSets, templateOf, type TemplateName } from './index.ts';

const names: TemplateName[] = ['draft', 'repair', 'refine', 'rewrite', 'recombine'];

/** First digits of the hashes of the newest version: a change of the text needs another version, and its hash here. */
const pinned: Record<string, Record<TemplateName, string>> = {
  'standard 1': {
    draft: '18bc9b663f9c',
    repair: 'cd8097eaccd6',
    refine: '938dbed61630',
    rewrite: '1f5795c10de2',
    recombine: '3fa74ab6729f',
  },
  'vincicoder 1': {
    draft: '5297205ebc41',
    repair: 'd58b03b5adb2',
    refine: 'd58b03b5adb2',
    rewrite: 'd58b03b5adb2',
    recombine: 'd58b03b5adb2',
  },
};

it.each(promptSets.flatMap((set) => names.map((name) => ({ set, name }))))(
  'the template $name of $set.id is that of its version',
  async ({ set, name }) => {
    const { hash, ...template } = await templateOf(set, name);
    expect(template).toEqual({ set: set.id, name, version: set.version });
    expect(hash.slice(0, 12)).toBe(pinned[`${set.id} ${set.version}`]![name]);
  },
);

it('leaves out a paragraph whose slots are all empty, and keeps one that has none', () => {
  const template = 'Title\n\n{{a}}\n\n{{b}} of {{c}}\n\n{{c}}';
  expect(fillText(template, { a: '', b: 'some', c: undefined })).toBe('Title\n\nsome of ');
});

it('does not look for slots in what fills one', () => {
  expect(fillText('{{code}}', { code: '{{task}} $& {{code}}' })).toBe('{{task}} $& {{code}}');
});

it('refuses a slot that nothing can fill', () => {
  expect(() => fillText('{{missing}}', {})).toThrow('{{missing}}');
});

it('has the images between the texts, without empty texts and halves of characters', () => {
  const image = { type: 'image', image: 'a'.repeat(64), mediaType: 'image/png', width: 1, height: 1 } as const;
  expect(fillTemplate('{{images}}\n\n{{code}}', { code: 'a\ud83d' }, [image])).toEqual([
    image,
    { type: 'text', text: 'a\ufffd' },
  ]);
});
