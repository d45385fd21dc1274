import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of all files in a folder and in the folders in it, sorted; none where it cannot be read. */
export function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}
