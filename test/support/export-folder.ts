import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportFiles } from '@pentimento/traces';

/** Writes the files of an export below a folder. */
export const exportFolder = (folder: string): ExportFiles => ({
  async open(path) {
    const full = join(folder, path);
    await mkdir(dirname(full), { recursive: true });
    const file = await open(full, 'wx');
    const hash = createHash('sha256');
    let bytes = 0;
    return {
      async write(data) {
        hash.update(data);
        bytes += Buffer.byteLength(data);
        await file.appendFile(data);
      },
      async close() {
        await file.close();
        return { bytes, sha256: hash.digest('hex') };
      },
    };
  },
});
