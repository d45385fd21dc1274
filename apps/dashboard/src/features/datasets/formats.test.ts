import type { ExportFormat } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { formatGroups, loaderOf, splitOptions, titleOfFormat } from './formats.ts';

const format = (id: string): ExportFormat => ({ id, title: id.toUpperCase(), description: '', unit: 'candidate' });
const ids = (formats: readonly ExportFormat[]) =>
  formatGroups(formats).map(({ title, formats: own }) => [title, own.map(({ id }) => id)]);

it('groups formats by what they are for, and shows unknown ones last', () => {
  const listed = ['toy', 'jsonl', 'trl-sft', 'trl-dpo', 'verl-sft'].map(format);
  expect(ids(listed)).toEqual([
    ['Fine-tuning', ['verl-sft', 'trl-sft']],
    ['Preferences', ['trl-dpo']],
    ['General', ['jsonl']],
    ['Other', ['toy']],
  ]);
  expect(ids([])).toEqual([]);
});

it('says how the files of a known format are loaded', () => {
  expect(loaderOf('swift-dpo')).toBe('swift rlhf --rlhf_type dpo --dataset DIR/train.parquet');
  expect(loaderOf('trl-dpo')).toBe(
    'DPOTrainer(..., args=DPOConfig(max_length=None), train_dataset=load_dataset("parquet", data_files="DIR/train.parquet", split="train"))',
  );
  expect(loaderOf('toy')).toBeNull();
});

it('shows the options that a format uses, and all of them where that is not known', () => {
  expect(splitOptions('trl-dpo')).toEqual({ used: ['margin'], others: ['improvedOnly', 'threshold'] });
  expect(splitOptions('jsonl').used).toEqual([]);
  expect(splitOptions('toy')).toEqual({ used: ['improvedOnly', 'margin', 'threshold'], others: [] });
});

it('names a format that the server does not list by its id', () => {
  expect([titleOfFormat([format('toy')], 'toy'), titleOfFormat([], 'toy')]).toEqual(['TOY', 'toy']);
});
