import { fileURLToPath } from 'node:url';
import { insideFolder, type Program, seccompFilter } from '@pentimento/sandbox';
import type { Interpreter } from './interpreter.ts';

const mebibyte = 1024 * 1024;
const zygoteFolder = fileURLToPath(new URL('zygote', import.meta.url));

/** What an image that a render process answers with may be. */
export interface ImageLimits {
  /** Longest side, pixels. */
  maxSide: number;
  maxPixels: number;
  /** Of its file. */
  maxBytes: number;
}

/** What one render may use, told to the zygote. */
const renderProcessLimits = {
  memoryBytes: 1024 * mebibyte,
  fileBytes: 32 * mebibyte,
  temporaryBytes: 64 * mebibyte,
};

/**
 * The zygote with an interpreter. `home` is the folder that it writes to; `walled` whether it stands in a sandbox, in which it may
 * make one more for each render.
 */
export function zygoteProgram(
  { path, folders }: Interpreter,
  { maxSide, maxPixels }: ImageLimits,
  home: string,
  walled: boolean,
): Program {
  const filter = seccompFilter('code', process.arch) ?? new Uint8Array();
  const settings = {
    ...renderProcessLimits,
    maxSide,
    maxPixels,
    walled,
    filter: Buffer.from(filter).toString('base64'),
  };
  return {
    readable: new Map([[zygoteFolder, `${insideFolder}/zygote`], ...folders]),
    command: (place) => [place(path), '-B', '-s', `${place(zygoteFolder)}/zygote.py`, JSON.stringify(settings)],
    environment: {
      PATH: '/usr/bin',
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      PYTHONHASHSEED: '0',
      MPLBACKEND: 'Agg',
      MPLCONFIGDIR: `${home}/matplotlib`,
      // One render runs on one core; the threads would only be set up and waited for.
      OPENBLAS_NUM_THREADS: '1',
      OMP_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
      SOURCE_DATE_EPOCH: '0',
    },
    limits: {
      dataBytes: 2048 * mebibyte,
      processes: 64,
      fileBytes: 64 * mebibyte,
      temporaryBytes: 64 * mebibyte,
      openFiles: 256,
    },
    systemCalls: 'zygote',
    extraPipes: 0,
  };
}
