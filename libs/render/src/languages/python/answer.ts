import { renderFailureKinds, type Molecule, type RenderFailureKind } from '@pentimento/contracts';
import { failed, type Outcome } from '../../port/outcome.ts';
import type { Remains } from '@pentimento/runtimes';

/** What a render process answered, once its form is checked: a picture in one of three forms, or a failure. */
export type Answer =
  | { form: 'png'; width: number; height: number; png: Uint8Array; log: string; molecule: Molecule | null }
  | { form: 'plotly'; width: number; height: number; scale: number; figure: string }
  | { form: 'svg'; svg: string }
  | { form: 'failure'; outcome: Outcome };

/** Reads what a render process left. All of it but the ending is untrusted. */
export function readAnswer({ ending, head, content }: Remains): Answer {
  if (typeof head !== 'object' || head === null) return { form: 'failure', outcome: outcomeOfDeath(ending) };
  const told = head as Record<string, unknown>;
  if (told['status'] === 'failed') return { form: 'failure', outcome: failureTold(told) };
  const width = sideOf(told['width']);
  const height = sideOf(told['height']);
  switch (told['form']) {
    case 'png':
      return {
        form: 'png',
        width,
        height,
        png: content,
        log: logOf(ending.log, told['remarks']),
        molecule: moleculeOf(told['molecule']),
      };
    case 'plotly':
      return { form: 'plotly', width, height, scale: scaleOf(told['scale']), figure: textOf(content) };
    case 'svg':
      return { form: 'svg', svg: textOf(content) };
    default:
      return { form: 'failure', outcome: failed('runtime', 'The code ended its process before the picture was made.') };
  }
}

const signals = { memoryFault: 11, kill: 9, processorTime: 24, abort: 6 };

function outcomeOfDeath({ signal, exit, log }: Remains['ending']): Outcome {
  if (signal === signals.processorTime) {
    return failed('timeout', 'The code used up its processor time: look for a loop that does not end, or draw less.');
  }
  if (signal === signals.kill || /bad_alloc|MemoryError|[Cc]annot allocate memory|out of memory/.test(log)) {
    return failed('memory', 'The code asked for more memory than a render may have: draw less.');
  }
  if (signal === signals.memoryFault || signal === signals.abort) {
    return failed('runtime', `The code brought Python down: endless recursion, or a fault in a library.\n${log}`);
  }
  return failed('runtime', `The code ended its process (${exit}) before the picture was made.\n${log}`);
}

function failureTold({ kind, message }: Record<string, unknown>): Outcome {
  const known = renderFailureKinds.find((name) => name === kind);
  const text = typeof message === 'string' ? message : 'The code failed, and did not say why.';
  return failed(known && known !== 'unavailable' ? known : ('runtime' satisfies RenderFailureKind), text);
}

function logOf(stderr: string, remarks: unknown): string {
  const lines = Array.isArray(remarks) ? remarks.filter((remark) => typeof remark === 'string') : [];
  return [...new Set([...lines, ...stderr.split('\n')].map((line) => line.trimEnd()))].join('\n').trim();
}

/** 0 where it is no length: the picture's check refuses that. */
const sideOf = (value: unknown): number => (Number.isInteger(value) && (value as number) > 0 ? (value as number) : 0);
const scaleOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 1);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Of the longest SMILES that is drawn. */
const maxCanonicalLength = 65_536;

function moleculeOf(value: unknown): Molecule | null {
  if (typeof value !== 'object' || value === null) return null;
  const { canonical, similarity } = value as Record<string, unknown>;
  if (typeof canonical !== 'string' || canonical.length > maxCanonicalLength) return null;
  const isShare = typeof similarity === 'number' && similarity >= 0 && similarity <= 1;
  return { canonical, similarity: isShare ? similarity : null };
}
