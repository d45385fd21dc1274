import type { Language, Size } from '@pentimento/contracts';
import { measureImage } from '@pentimento/imaging';
import { languages } from '@pentimento/render/languages';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CliError } from '../terminal/cli-error.ts';
import { reason } from './files.ts';

/** A file of code in a folder. */
export interface CodeFile {
  path: string;
  /** The path from the folder on, with forward slashes. */
  name: string;
  language: Language;
}

/** The files of a folder and its subfolders whose extension is a language's, by name. Hidden ones and installed packages are left out. */
export async function listCodeFiles(folder: string): Promise<CodeFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new CliError(`The folder ${folder} cannot be read: ${reason(cause)}.`, { cause });
  });
  return entries
    .filter((entry) => entry.isFile())
    .flatMap(({ parentPath, name: file }) => {
      const path = join(parentPath, file);
      const name = relative(folder, path).split(sep).join('/');
      const language = languages.find(({ fileExtension }) => extname(file).toLowerCase() === `.${fileExtension}`);
      return language && !/(?:^|\/)(?:\.|node_modules\/)/.test(name) ? [{ path, name, language: language.id }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The size at which code is rendered that names none. */
const defaultSize: Size = { width: 1024, height: 768 };

/** The size of the PNG of the same name beside the file, which is then what the code draws; 1024 x 768 where there is none. */
export async function sizeBeside({ path }: CodeFile): Promise<Size> {
  const image = await readFile(`${path.slice(0, -extname(path).length)}.png`).catch(() => undefined);
  return image ? measureImage(image, 'target').catch(() => defaultSize) : defaultSize;
}
