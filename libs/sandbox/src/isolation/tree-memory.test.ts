import { expect, it } from 'vitest';
import { mappedBytes, memoryOf, processesOf, proportionalBytes, upperBoundOf } from './tree-memory.ts';

const status = `Name:\tpython3
VmPTE:\t      64 kB
VmSwap:\t       8 kB
RssAnon:\t    2048 kB
RssFile:\t    9999 kB
RssShmem:\t    1024 kB
`;

const rollup = `55d0-7ffe ---p 00000000 00:00 0    [rollup]
Rss:                9000 kB
Pss:                5000 kB
Pss_Anon:           1000 kB
Pss_File:           3500 kB
Pss_Shmem:           500 kB
SwapPss:               4 kB
`;

it('counts own, shared and swapped memory and page tables, and no files', () => {
  expect(mappedBytes(status)).toBe((64 + 8 + 2048 + 1024) * 1024);
  expect(mappedBytes('Name:\tkthreadd\n')).toBe(0);
});

it('counts the share of each page that a process has, where the kernel tells memory and files apart', () => {
  expect(proportionalBytes(rollup)).toBe((1000 + 500 + 4) * 1024);
  expect(proportionalBytes('Rss: 9000 kB\nPss: 5000 kB\n')).toBeUndefined();
  expect(proportionalBytes('')).toBeUndefined();
});

it('counts nothing for a process that has ended', async () => {
  expect(await memoryOf([{ pid: 999_999_999, mapped: 4096, pageTables: 1024 }])).toBe(0);
});

it('has this process in its own tree, and nothing of a tree that has ended', async () => {
  const tree = processesOf(process.pid);
  expect(tree[0]).toMatchObject({ pid: process.pid });
  expect(upperBoundOf(tree)).toBeGreaterThan(1024 * 1024);
  expect(await memoryOf(tree)).toBeGreaterThan(1024 * 1024);
  expect(processesOf(999_999_999)).toEqual([]);
});
