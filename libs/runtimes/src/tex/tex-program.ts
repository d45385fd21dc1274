import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sandboxFolder, type Program } from '@pentimento/sandbox';
import type { Engine } from './engine.ts';

const mebibyte = 1024 * 1024;

/** Besides /usr, which every sandbox shows: settings, and the files that Debian's packages make when they are installed. */
const texFolders = ['/etc/texmf', '/var/lib/texmf'];

const script = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const jobScript = script('tex-job.sh');
const formatScript = script('format-job.sh');

const flags = [
  '-no-shell-escape',
  '-halt-on-error',
  '-interaction=nonstopmode',
  '-no-parse-first-line',
  '-jobname=main',
];
/** LuaTeX has no flag about the first line, and others that limit Lua. */
const luaFlags = [...flags.filter((flag) => flag !== '-no-parse-first-line'), '--nosocket'];
const luaLimits = fileURLToPath(new URL('lua-limits.lua', import.meta.url));

/** Typesets a document in a folder, with the given format or, by default, the engine's own. */
export function typesetProgram(engine: Engine, format: string | undefined, folder: string): Program {
  return texProgram(jobScript, folder, format, (toInside) => [
    engine,
    ...(engine === 'lualatex' ? [...luaFlags, `--lua=${toInside(luaLimits)}`] : flags),
    ...(format === undefined ? [] : [`-fmt=${toInside(format)}`]),
  ]);
}

/** Makes a format on the basis of another. */
export function formatProgram(base: string, folder: string): Program {
  return texProgram(formatScript, folder, base, (toInside) => [
    'pdflatex',
    '-ini',
    ...flags.slice(0, 3),
    '-jobname=main',
    `&${toInside(base)}`,
  ]);
}

const versionsScript = `pdftex --version | head -n 1
pdftoppm -v 2>&1 | head -n 1
kpsewhich standalone.cls pgfplots.sty amsmath.sty
echo trees $(cat /usr/share/texlive/texmf-dist/ls-R /usr/share/texmf/ls-R | sha256sum | head -c 8)`;

/** Prints what is installed: pdfTeX and poppler, packages that snippets need, and a digest of all files of TeX. */
export function versionsProgram(): Program {
  return texProgram(versionsScript, '/tmp', undefined, () => []);
}

function texProgram(
  text: string,
  folder: string,
  format: string | undefined,
  command: (toInside: (path: string) => string) => string[],
): Program {
  const readable = new Map([
    ...texFolders.filter((path) => existsSync(path)).map((path) => [path, path] as const),
    [luaLimits, `${sandboxFolder}/limits.lua`] as const,
  ]);
  if (format !== undefined) readable.set(format, `${sandboxFolder}/format.fmt`);
  return {
    readable,
    command: (toInside) => ['/bin/sh', '-c', text, 'sh', folder, ...command(toInside)],
    environment: {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      TEXMFVAR: `${folder}/texmf-var`,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      // Fixes the date, \today and the seeds that depend on it.
      SOURCE_DATE_EPOCH: '0',
      FORCE_SOURCE_DATE: '1',
      openin_any: 'p',
      openout_any: 'p',
      shell_escape: 'f',
      MKTEXPK: '0',
      MKTEXTFM: '0',
      MKTEXMF: '0',
      max_print_line: '1000',
      error_line: '254',
      half_error_line: '238',
    },
    limits: {
      treeBytes: 1280 * mebibyte,
      dataBytes: 1024 * mebibyte,
      addressBytes: 1536 * mebibyte,
      // The engines and the pipes around them take six.
      processes: 12,
      fileBytes: 64 * mebibyte,
      temporaryBytes: 192 * mebibyte,
      openFiles: 256,
    },
    systemCalls: 'pipeline',
    createsNamespaces: false,
    extraPipes: 0,
  };
}
