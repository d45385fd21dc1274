import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sandboxFolder, type Program } from '@pentimento/sandbox';
import { filesUnder } from './files-under.ts';
import { headOf } from './font-file.ts';

/** Fontconfig's settings for every renderer. */
const settingsFile = fileURLToPath(new URL('fonts.conf', import.meta.url));

/** The program with the project's fonts, in place of those that a machine happens to have. */
export function withFonts(program: Program): Program {
  return {
    ...program,
    readable: new Map([...program.readable, [settingsFile, `${sandboxFolder}/fonts.conf`]]),
    command: (toInside) => ['/usr/bin/env', `FONTCONFIG_FILE=${toInside(settingsFile)}`, ...program.command(toInside)],
  };
}

let version: string | undefined;

/** A digest of the settings and of the fonts that they accept on this machine: "fonts-" and 8 hexadecimal digits. */
export function fontsVersion(): string {
  return (version ??= `fonts-${digestOf(fontFiles())}`);
}

/** The font's own checksum is in its head, so that no file is read whole. */
function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(readFileSync(settingsFile));
  const fonts = files.map((path) => `${path.slice(path.lastIndexOf('/') + 1)} ${headOf(path).toString('hex')}`);
  return hash.update(fonts.sort().join('\n')).digest('hex').slice(0, 8);
}

let files: string[] | undefined;

/** The files of the fonts that renderers draw with. */
export function fontFiles(): string[] {
  return (files ??= findFontFiles());
}

function findFontFiles(): string[] {
  const settings = readFileSync(settingsFile, 'utf8');
  const accepted = /<acceptfont>([\s\S]*?)<\/acceptfont>/.exec(settings)![1]!;
  const names = [...accepted.matchAll(/<glob>\*\/([^<]*)\*<\/glob>/g)].map((match) => match[1]!);
  const folders = [...settings.matchAll(/<dir>([^<]*)<\/dir>/g)].map((match) => match[1]!);
  return folders.flatMap((folder) => filesUnder(folder).filter((path) => isAccepted(path, names)));
}

/** @param names of files, which end in a star in the settings. */
function isAccepted(path: string, names: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\.(?:ttf|otf|ttc)$/i.test(name) && names.some((start) => name.startsWith(start));
}
