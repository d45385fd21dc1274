import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileKernels } from '../../scripts/compile-kernels.ts';
import { withKernels } from './kernels.ts';

it('compiles to the bytes in the repository', async () => {
  const stored = readFileSync(new URL('../../wasm/kernels.wasm', import.meta.url));
  expect(Buffer.compare(await compileKernels(), stored)).toBe(0);
});

it('keeps its memory from one use to the next unless it grew large', () => {
  const [first, again, large, fresh] = [1, 1, 32 * 1024 * 1024, 1].map((bytes) =>
    withKernels((memory) => {
      expect(memory.take(bytes)).toBe(0);
      return memory;
    }),
  );
  expect(again).toBe(first);
  expect(large).toBe(first);
  expect(fresh).not.toBe(large);
  expect(fresh!.bytes.length).toBeLessThan(large!.bytes.length);
});
