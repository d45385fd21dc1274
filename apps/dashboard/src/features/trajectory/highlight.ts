export interface Token {
  content: string;
  /** A CSS color; absent where it is the text's own. */
  color?: string;
}

export interface HighlightRequest {
  id: number;
  code: string;
  /** Id of a Shiki grammar. */
  grammar: string;
  growing?: GrowingPart;
}

/** A chunk of code that grows: what comes before it decides its colors. */
export interface GrowingPart {
  /** Of the whole code. */
  id: string;
  /** Of the chunk in it, from 0. */
  index: number;
}

export interface HighlightResult {
  id: number;
  /** Null where the code stays plain text. */
  lines: Token[][] | null;
}

/** Above these limits code is shown as plain text: too many colored tokens would block the page. */
const limits = { bytes: 200 * 1024, lines: 3000 };

let worker: Worker | undefined;
let asked = 0;

/** The code's lines as colored tokens, from a worker; null where the code stays plain text. The chunks of a code come in order. */
export function highlight(
  code: string,
  grammar: string,
  signal: AbortSignal,
  growing?: GrowingPart,
): Promise<Token[][] | null> {
  if (code.length > limits.bytes || code.split('\n', limits.lines + 1).length > limits.lines)
    return Promise.resolve(null);
  worker ??= new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' });
  const own = worker;
  const request: HighlightRequest = { id: ++asked, code, grammar, growing };
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent<HighlightResult>) => {
      if (data.id === request.id) settle(data.lines);
    };
    const stop = () => settle(null);
    const settle = (lines: Token[][] | null) => {
      own.removeEventListener('message', listen);
      own.removeEventListener('error', stop);
      resolve(lines);
    };
    own.addEventListener('message', listen);
    // Without the worker the code stays plain.
    own.addEventListener('error', stop);
    signal.addEventListener('abort', stop, { once: true });
    own.postMessage(request);
  });
}
