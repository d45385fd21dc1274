import { exportManifestSchema } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { MemoryFiles, memoryContext } from '../testing/export-files.ts';
import { scoreTable } from '../testing/score-table.ts';
import { ManifestWriter } from './manifest.ts';

it('writes any number of files as JSON, a line each', async () => {
  for (const count of [0, 1, 1000, 2001]) {
    const target = new MemoryFiles();
    const writer = new ManifestWriter(scoreTable, memoryContext(target));
    for (let number = 0; number < count; number++) await (await writer.files.open(`images/${number}.png`)).close();
    const manifest = await writer.write();
    expect(manifest.files).toHaveLength(count);
    expect(exportManifestSchema.parse(JSON.parse(target.text('manifest.json')))).toEqual(manifest);
  }
});
