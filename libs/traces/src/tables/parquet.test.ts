import { expect, it } from 'vitest';
import { MemoryFiles } from '../testing/export-files.ts';
import { featuresIn, readParquet } from '../testing/read-tables.ts';
import { bool, float, image, imageBytes, int, json, list, string, struct } from './columns.ts';
import { parquet } from './parquet.ts';
import type { TableFiles } from './table.ts';

const png = new Uint8Array([1, 2, 3]);
const square = { id: 'a'.repeat(64), png, width: 1, height: 1 };
const columns = {
  text: string,
  count: int,
  score: float,
  is_good: bool,
  any: json,
  shown: list(image),
  raw: imageBytes,
  messages: list(struct({ role: string, parts: list(struct({ type: string, text: string })) })),
};

const tableFiles = (files: MemoryFiles): TableFiles => ({
  async open(path) {
    const file = await files.open(path);
    return { write: file.write, close: async () => void (await file.close()) };
  },
});

it('writes every type of column, a null for what a row lacks, and the features for Hugging Face', async () => {
  const files = new MemoryFiles();
  const table = await parquet.open(tableFiles(files), 'rows', columns);
  const messages = [{ role: 'user', parts: [{ type: 'image' }, { type: 'text', text: 'é 🙂' }] }];
  await table.write({
    ...{ text: 'x', count: 2 ** 50, score: 0.1, is_good: false, any: { a: [1] } },
    ...{ shown: [square, square], raw: square, messages },
  });
  await table.write({ text: 'y', shown: [], messages: [] });
  await table.close();
  expect(await readParquet(files, 'rows.parquet')).toEqual([
    {
      ...{ text: 'x', count: 2n ** 50n, score: 0.1, is_good: false, any: '{"a":[1]}', raw: png },
      shown: Array.from({ length: 2 }, () => ({ bytes: png, path: `${square.id}.png` })),
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'image', text: null },
            { type: 'text', text: 'é 🙂' },
          ],
        },
      ],
    },
    { text: 'y', count: null, score: null, is_good: null, any: null, shown: [], raw: null, messages: [] },
  ]);
  const text = { dtype: 'string', _type: 'Value' };
  expect(featuresIn(files, 'rows.parquet')).toEqual({
    info: {
      features: {
        ...{ text, count: { dtype: 'int64', _type: 'Value' }, score: { dtype: 'float64', _type: 'Value' } },
        ...{ is_good: { dtype: 'bool', _type: 'Value' }, any: text },
        shown: { feature: { _type: 'Image' }, _type: 'List' },
        raw: { dtype: 'binary', _type: 'Value' },
        messages: { feature: { role: text, parts: { feature: { type: text, text }, _type: 'List' } }, _type: 'List' },
      },
    },
  });
});
