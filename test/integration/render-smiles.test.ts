import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples');
const size = { width: 500, height: 400 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, deadlineMs: 8000, cacheBytes: 0 });
  await renderers.states();
});
afterAll(() => renderers.close());

const render = (code: string, more: object = {}): Promise<RenderResult> =>
  renderers.render({ language: 'smiles', code, size, trusted: false, ...more }, noAbort);

const rawOf = (image: Uint8Array | string): Promise<Buffer> => sharp(image).removeAlpha().raw().toBuffer();

async function renderCode(code: string, more: object = {}): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code, more);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

it.each(['caffeine', 'penicillin'])('%s is rendered like its target, pixel for pixel', async (name) => {
  const result = await renderCode(readFileSync(`${examples}/${name}.smi`, 'utf8'));
  expect((await rawOf(result.image)).equals(await rawOf(`${examples}/${name}.png`))).toBe(true);
  expect(result.renderer).toMatch(/^smiles rdkit-\d/);
});

it.each<[string, string, string]>([
  ['spaces around it', '  OCC \n', 'CCO'],
  ['a name after it', 'OCC ethanol', 'CCO'],
  ['several molecules', 'CCO.[Na+].[Cl-]', 'CCO.[Cl-].[Na+]'],
  ['stereochemistry', 'N[C@@H](C)C(=O)O', 'C[C@H](N)C(=O)O'],
  ['one atom', 'O', 'O'],
  ['a label', 'SMILES: OCC', 'CCO'],
  ['a label and quotes', 'Canonical SMILES = `OCC`', 'CCO'],
  ['other lines after it', 'OCC\nThis is ethanol.', 'CCO'],
])('renders a SMILES with %s, and returns its canonical form', async (_, code, canonical) => {
  expect(await renderCode(code)).toMatchObject({ ...size, molecule: { canonical, similarity: null } });
});

it('renders the labels of an extended SMILES', async () => {
  const labeled = await renderCode('[*:1]c1ccc([*:2])cc1 |$R1;;;;;R2;;;$|');
  expect(Buffer.from(labeled.image)).not.toEqual(Buffer.from((await renderCode('[*:1]c1ccc([*:2])cc1')).image));
});

it('returns the similarity to the reference', async () => {
  const similarity = async (code: string, reference: string): Promise<number | null> =>
    (await renderCode(code, { reference })).molecule!.similarity;
  expect(await similarity('OCC', 'CCO\n')).toBe(1);
  expect(await similarity('c1ccccc1O', 'c1ccccc1N')).toBeGreaterThan(
    await similarity('CCCC', 'c1ccccc1N').then(Number),
  );
  expect(await similarity('CCO', 'no SMILES')).toBeNull();
  expect(await similarity('CCO', ' ')).toBeNull();
});

it("renders at the target's size, within the limits", async () => {
  expect(await renderCode('CCO', { size: { width: 123, height: 77 } })).toMatchObject({ width: 123, height: 77 });
  expect(await renderCode('CCO', { size: { width: 16_000, height: 8000 } })).toMatchObject({
    width: 8192,
    height: 4096,
  });
});

it.each<[string, string, string, RegExp]>([
  ['an empty text', ' \n', 'empty', /no SMILES/],
  ['words', 'this is no SMILES', 'syntax', /^RDKit cannot read the SMILES: .*this/],
  ['an open ring', 'C1CC', 'syntax', /unclosed ring/],
  ['an open branch', 'C(C', 'syntax', /parenthes/i],
  ['a fifth bond of carbon', 'C(C)(C)(C)(C)C', 'syntax', /valence.*5.*permitted/i],
  ['an aromatic chain', 'cccc', 'syntax', /aromatic|kekulize/i],
  ['a reaction', 'CCO>>CC=O', 'syntax', /This is a reaction: write one molecule/],
  ['a named attachment point', '[R1]c1ccccc1', 'syntax', /Write an attachment point as a numbered wildcard/],
  ['too long a chain', 'C'.repeat(3000), 'too-large', /3000 characters/],
  ['too many atoms', 'C'.repeat(600), 'too-large', /600 atoms/],
  ['deep nesting', 'C('.repeat(900) + 'C' + ')'.repeat(900), 'too-large', /./],
])('refuses %s with the reason', async (_, code, kind, message) => {
  expect(await render(code)).toMatchObject({ status: 'failed', kind, message: expect.stringMatching(message) });
  await renderCode('CCO');
});

it('renders the same bytes again, and in another process', async () => {
  const others = createRenderService({ concurrency: 1, cacheBytes: 0 });
  const request = { language: 'smiles', code: 'CC(=O)Oc1ccccc1C(=O)O', size, trusted: false } as const;
  const results = [
    await renderers.render(request, noAbort),
    await renderers.render(request, noAbort),
    await others.render(request, noAbort),
  ];
  await others.close();
  const images = results.map((result) =>
    result.status === 'ok' ? Buffer.from(result.image).toString('base64') : result.message,
  );
  expect(new Set(images).size).toBe(1);
});
