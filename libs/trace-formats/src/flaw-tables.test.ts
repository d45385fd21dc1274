import { fence, flawPairSchema, flawTableIds, type FlawPair } from '@pentimento/contracts';
import { TraceSource } from '@pentimento/traces';
import { parquet } from '@pentimento/traces/tables';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../traces/src/testing/export-files.ts';
import { readParquet } from '../../traces/src/testing/read-tables.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import { criticColumns } from './critic-row.ts';
import { flawTables, type FlawTable } from './flaw-tables.ts';
import { refinementColumns } from './refinement.ts';

const box = { x: 1, y: 0, width: 2, height: 4 };
const { version, encoder, preprocessing, terms } = sampleTrace(1).iterations[0]!.candidates[0]!.reward;
const image = (name: string) => ({ image: blobOf(name), width: 4, height: 4, renderer: 'svg 1' });
const pair: FlawPair = flawPairSchema.parse({
  source: 'icons/dot.svg',
  language: 'svg',
  kind: 'wrong-color',
  description: 'The circle is blue instead of red.',
  edit: { search: 'red', replace: 'blue' },
  correctCode: '<svg><circle r="2" fill="red"/></svg>',
  flawedCode: '<svg><circle r="2" fill="blue"/></svg>',
  target: image('target 1'),
  flawed: { status: 'ok', ...image('render 0/0 1') },
  score: { version, encoder, preprocessing, terms },
  box,
  changedShare: 0.25,
});
const broken: FlawPair = flawPairSchema.parse({
  ...pair,
  kind: 'broken-syntax',
  flawed: { status: 'failed', kind: 'syntax', message: 'Broken.', renderer: 'svg 1' },
  box: null,
  changedShare: null,
});

const images = new TraceSource(readSampleBlob);
const tableOf = (id: string): FlawTable => flawTables.find((table) => table.id === id)!;

async function written(id: string, pairs: readonly FlawPair[]): Promise<Record<string, unknown>[]> {
  const { columns, rowOf } = tableOf(id);
  const files = new MemoryFiles();
  const open = async (path: string) => {
    const { write, close } = await files.open(path);
    return { write, close: async () => void (await close()) };
  };
  const writer = await parquet.open({ open }, id, columns);
  for (const each of pairs) await writer.write(await rowOf(each, images));
  await writer.close();
  return readParquet(files, `${id}.parquet`);
}

describe('tables of flaw pairs', () => {
  it('are those that can be asked for', () => {
    expect(flawTables.map(({ id }) => id)).toEqual(flawTableIds);
  });

  it('have the columns of the format of the same id', () => {
    expect(tableOf('vincicoder-sft').columns).toMatchObject(refinementColumns);
    expect(tableOf('critic').columns).toMatchObject(criticColumns);
  });

  it('ask to correct the flawed code, whether it renders or not', async () => {
    const rows = await written('vincicoder-sft', [pair, broken]);
    const target = await readSampleBlob(blobOf('target 1'));
    const render = await readSampleBlob(blobOf('render 0/0 1'));
    expect(rows).toMatchObject([
      { image: target, render, boxes: [{ x: 1n, y: 0n, width: 2n, height: 4n }], flaw_kind: 'wrong-color' },
      { image: target, render: null, boxes: [], flaw_kind: 'broken-syntax' },
    ]);
    expect(rows[0]).toMatchObject({
      user_content: expect.stringContaining(fence(pair.flawedCode, 'svg')),
      assistant_content: fence(pair.correctCode, 'svg'),
      source: 'icons/dot.svg',
      score_before: terms.overall,
      score_after: null,
      reward_version: version,
    });
  });

  it('name the flaw with its box to a critic', async () => {
    expect(await written('critic', [pair])).toMatchObject([
      {
        objects: { ref: ['The circle is blue instead of red.'], bbox: [[1, 0, 3, 4]], image_id: [0n] },
        done: false,
        flaw_kind: 'wrong-color',
      },
    ]);
  });

  it('tell a critic that the correct render is done', async () => {
    const row = await tableOf('critic').correctRowOf!(pair, images);
    expect(row).toMatchObject({ done: true, findings: [], flaw_kind: null, changed_share: 0 });
    expect(row.images).toMatchObject([{ id: pair.target.image }, { id: pair.target.image }]);
  });

  it('have no row of a critic where nothing renders, and none where a text holds the image tag', async () => {
    await expect(tableOf('critic').rowOf(broken, images)).rejects.toMatchObject({ reason: 'not_rendered' });
    const tagged = { ...pair, correctCode: '<image>' };
    await expect(tableOf('vincicoder-sft').rowOf(tagged, images)).rejects.toMatchObject({
      reason: 'image_tag_in_text',
    });
  });
});
