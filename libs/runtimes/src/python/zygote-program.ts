import { fileURLToPath } from 'node:url';
import { sandboxFolder, seccompFilter, type Program } from '@pentimento/sandbox';
import { withFonts } from '../fonts/font-set.ts';
import type { Interpreter } from './interpreter.ts';

const mebibyte = 1024 * 1024;
const zygoteFolder = fileURLToPath(new URL('zygote', import.meta.url));

/** Limits of the image that a render process returns. */
export interface ImageLimits {
  /** Longest side, pixels. */
  maxSide: number;
  maxPixels: number;
  /** Of the image's file. */
  maxBytes: number;
}

/** What one render process may use. */
const renderProcessLimits = {
  memoryBytes: 1024 * mebibyte,
  fileBytes: 32 * mebibyte,
  temporaryBytes: 64 * mebibyte,
};

/**
 * The zygote with an interpreter.
 *
 * @param home the folder that it writes to.
 * @param sandboxed whether it runs in a sandbox, in which it may make a further one for each render.
 */
export function zygoteProgram(
  { path, folders }: Interpreter,
  { maxSide, maxPixels }: ImageLimits,
  home: string,
  sandboxed: boolean,
): Program {
  const filter = seccompFilter('code', process.arch) ?? new Uint8Array();
  const settings = {
    ...renderProcessLimits,
    ...{ maxSide, maxPixels, sandboxed },
    filter: Buffer.from(filter).toString('base64'),
  };
  return withFonts({
    readable: new Map([[zygoteFolder, `${sandboxFolder}/zygote`], ...folders]),
    command: (toInside) => [
      toInside(path),
      '-B',
      '-s',
      `${toInside(zygoteFolder)}/zygote.py`,
      JSON.stringify(settings),
    ],
    environment: {
      PATH: '/usr/bin',
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      PYTHONHASHSEED: '0',
      MPLBACKEND: 'Agg',
      MPLCONFIGDIR: `${home}/matplotlib`,
      // One render runs on one core, where starting threads only costs time.
      OPENBLAS_NUM_THREADS: '1',
      OMP_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
      SOURCE_DATE_EPOCH: '0',
    },
    limits: {
      treeBytes: 1536 * mebibyte,
      dataBytes: 2048 * mebibyte,
      // Each render process has a bound of its own.
      addressBytes: null,
      processes: 64,
      fileBytes: 64 * mebibyte,
      temporaryBytes: 64 * mebibyte,
      openFiles: 256,
    },
    systemCalls: 'zygote',
    createsNamespaces: true,
    extraPipes: 0,
  });
}
