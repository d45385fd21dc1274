import { exportOptionsSchema } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { exportTraces } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { featuresIn, readParquet } from '../../traces/src/testing/read-tables.ts';
import { blobOf, readSampleBlob, sampleCode, sampleTrace } from '../../traces/src/testing/traces.ts';
import { folder } from './folder.ts';
import { parquet } from './parquet.ts';

/** A trace with a failed render, code that came with the job, and a reply without code. */
function troubled() {
  const trace = sampleTrace(1);
  const [draft, best, other] = trace.iterations.flatMap(({ candidates }) => candidates);
  draft!.call = null;
  best!.render = { status: 'failed', kind: 'syntax', message: 'Unclosed element.', renderer: 'svg 1', ms: 1 };
  Object.assign(other!, { code: null, render: null, parseStatus: 'no_code', parseDetail: 'There is no fenced block.' });
  return trace;
}

it('writes every candidate to Parquet with its images, texts, terms and group', async () => {
  const files = new MemoryFiles();
  await exportTraces(parquet, streamOf([sampleTrace(1)]), memoryContext(files));
  const rows = await readParquet(files, 'train.parquet');
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({
    target: { bytes: await readSampleBlob(blobOf('target 1')) },
    render: { bytes: await readSampleBlob(blobOf('render 1/0 1')) },
    code: sampleCode('1/0'),
    reasoning: 'The circle is red.',
    visual: 0.96,
    threshold: 0.95,
    group_size: 2n,
    group_mean: 0.83,
    group_all_failed: false,
    group_all_above_threshold: false,
  });
  expect(rows[1]!['prompt']).toContain('Image 2: render.\n<image>\nReply.');
  expect(rows[1]!['terms']).toContainEqual({ term: 'text', score: null });
  expect(featuresIn(files, 'train.parquet')).toMatchObject({
    info: { features: { target: { _type: 'Image' }, group_size: { dtype: 'int64' } } },
  });
});

it('keeps candidates that have no prompt, code or render, and says why', async () => {
  const files = new MemoryFiles();
  await exportTraces(folder, streamOf([troubled()]), memoryContext(files));
  expect(files.lines('rows.jsonl')).toMatchObject([
    { prompt: null, reply: null, model: null, failure_kind: null, split: 'train' },
    { render: null, failure_kind: 'syntax', failure: 'Unclosed element.' },
    { code: null, render: null, failure_kind: 'no_code', failure: 'There is no fenced block.' },
  ]);
  expect(files.lines('drops.jsonl')).toEqual([]);
});

it('writes all splits of a folder to one file, and images once', async () => {
  const files = new MemoryFiles();
  const splitOf = (target: string) => (target === blobOf('target 2') ? 'test' : 'train');
  await exportTraces(
    folder,
    streamOf([sampleTrace(1), sampleTrace(2), sampleTrace(3), sampleTrace(4)]),
    memoryContext(files, { splitOf }),
  );
  expect(new Set(files.lines('rows.jsonl').map(({ split }) => split))).toEqual(new Set(['train', 'test']));
  const images = [...files.contents.keys()].filter((path) => path.startsWith('images/'));
  expect(images).toHaveLength(4 * 4);
});

it('writes a dataset card with the files of the splits, the license, and the types of JSON Lines', async () => {
  const options = exportOptionsSchema.parse({ license: 'CC "BY" 4.0' });
  const card = async (exporter: typeof folder) => {
    const files = new MemoryFiles();
    await exportTraces(exporter, streamOf([sampleTrace(1)]), memoryContext(files, { options }));
    return files.text('README.md').split('\n');
  };
  const ofParquet = await card(parquet);
  expect(ofParquet.slice(0, 5)).toEqual([
    '---',
    'license: "other"',
    String.raw`license_name: "CC \"BY\" 4.0"`,
    'configs: [{"config_name":"default","data_files":[{"split":"train","path":"train.parquet"}]}]',
    '---',
  ]);
  const ofFolder = await card(folder);
  expect(ofFolder[3]).toContain('{"split":"rows","path":"rows.jsonl"}');
  const { features } = JSON.parse(ofFolder[4]!.replace('dataset_info: ', '')) as { features: object[] };
  expect(features).toContainEqual({ name: 'target', dtype: 'string' });
  expect(features).toContainEqual({ name: 'alarms', list: 'string' });
  expect(features).toContainEqual({
    name: 'terms',
    list: [
      { name: 'term', dtype: 'string' },
      { name: 'score', dtype: 'float64' },
    ],
  });
});
