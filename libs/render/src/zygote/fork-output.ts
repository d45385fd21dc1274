import { renderFailureKinds, type Molecule, type RenderFailureKind, type Size } from '@pentimento/contracts';
import type { ForkResult } from '@pentimento/runtimes';
import { failed, stopped, type Outcome } from '../port/outcome.ts';

/** The answer of a render process once its form is checked: an image in one of three forms, or a failure. */
export type ForkOutput =
  | ForkImage
  | { form: 'plotly'; width: number; height: number; scale: number; figure: string }
  | { form: 'svg'; svg: string }
  | { form: 'failure'; outcome: Outcome };

interface ForkImage extends Size {
  form: 'png';
  png: Uint8Array;
  log: string;
  molecule: Molecule | null;
  bitmapShare: number | null;
}

/** Reads the result of a render process. All of it except `exit` is untrusted. */
export function readForkResult({ exit, head, content }: ForkResult): ForkOutput {
  if (typeof head !== 'object' || head === null) return { form: 'failure', outcome: outcomeOfExit(exit) };
  const fields = head as Record<string, unknown>;
  if (fields['status'] === 'failed') return { form: 'failure', outcome: reportedFailure(fields) };
  const width = sideOf(fields['width']);
  const height = sideOf(fields['height']);
  if (fields['form'] !== 'png' && content.length > maxTextBytes) {
    const message = `The code gave ${content.length} bytes of text for an image: at most ${maxTextBytes} are rendered.`;
    return { form: 'failure', outcome: failed('too-large', message) };
  }
  switch (fields['form']) {
    case 'png':
      return {
        form: 'png',
        width,
        height,
        png: content,
        log: logOf(exit.log, fields['remarks']),
        molecule: moleculeOf(fields['molecule']),
        bitmapShare: shareOf(fields['bitmapShare']),
      };
    case 'plotly':
      return { form: 'plotly', width, height, scale: scaleOf(fields['scale']), figure: textOf(content) };
    case 'svg':
      return { form: 'svg', svg: textOf(content) };
    default:
      return { form: 'failure', outcome: failed('runtime', 'The code ended its process before the image was made.') };
  }
}

const signals = { segfault: 11, kill: 9, processorTime: 24, abort: 6 };

function outcomeOfExit({ signal, exit, log }: ForkResult['exit']): Outcome {
  if (signal === signals.processorTime) {
    return stopped(
      'timeout',
      'The code used up its processor time: look for a loop that does not end, or draw less.',
      log,
    );
  }
  if (signal === signals.kill || /bad_alloc|MemoryError|[Cc]annot allocate memory|out of memory/.test(log)) {
    return stopped('memory', 'The code asked for more memory than a render may have: draw less.', log);
  }
  if (signal === signals.segfault || signal === signals.abort) {
    return failed('runtime', `The code crashed Python: endless recursion, or a bug in a library.\n${log}`);
  }
  return failed('runtime', `The code ended its process (${exit}) before the image was made.\n${log}`);
}

function reportedFailure({ kind, message }: Record<string, unknown>): Outcome {
  const known = renderFailureKinds.find((name) => name === kind);
  const text = typeof message === 'string' ? message : 'The code failed, and gave no reason.';
  return failed(known && known !== 'unavailable' ? known : ('runtime' satisfies RenderFailureKind), text);
}

/** More are not shown: a log has 2 KB. */
const maxRemarks = 100;

function logOf(stderr: string, remarks: unknown): string {
  const lines = Array.isArray(remarks)
    ? remarks.slice(0, maxRemarks).filter((remark) => typeof remark === 'string')
    : [];
  return [...new Set([...lines, ...stderr.split('\n')].map((line) => line.trimEnd()))].join('\n').trim();
}

/** 0 if it is not a length, which the check of the image refuses. */
const sideOf = (value: unknown): number => (Number.isInteger(value) && (value as number) > 0 ? (value as number) : 0);
const shareOf = (value: unknown): number | null =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
const scaleOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 1);

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

/** Longest SVG or figure, bytes: it is decoded and sent on in one piece, on the event loop. */
const maxTextBytes = 12 * 1024 * 1024;

/** Of the longest SMILES that is rendered. */
const maxCanonicalLength = 65_536;

function moleculeOf(value: unknown): Molecule | null {
  if (typeof value !== 'object' || value === null) return null;
  const { canonical, similarity } = value as Record<string, unknown>;
  if (typeof canonical !== 'string' || canonical.length > maxCanonicalLength) return null;
  const isSimilarity = typeof similarity === 'number' && similarity >= 0 && similarity <= 1;
  return { canonical, similarity: isSimilarity ? similarity : null };
}
