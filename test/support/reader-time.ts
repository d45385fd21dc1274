/** Reads a hostile text as the product does. */
export type Reader = (text: string) => unknown;

/** Makes a hostile text of about so many characters. */
export type TextMaker = (length: number) => string;

/** Doublings below the longest text, at which a reader is timed too. */
const doublings = 3;
/** Noise above linear growth that is tolerated over all doublings. */
const tolerance = 3;
/** Shorter times, milliseconds, say nothing of growth. */
const minMs = 20;
const attempts = 3;
const hopelessMs = 500;

export interface ReaderTime {
  /** At the longest text, milliseconds of processor time of this thread, the best of several. */
  ms: number;
  /** The time at the longest text over that at an eighth of it, as a multiple of linear growth. */
  growth: number;
}

/** Times a reader over doubling lengths up to `maxLength`, each the best of a few attempts. */
export function timeReader(read: Reader, make: TextMaker, maxLength: number): ReaderTime {
  const short = bestOf(read, flat(make(maxLength / 2 ** doublings)));
  // A reader that is far from linear would take minutes at the longest text.
  if (short > hopelessMs) return { ms: short * 2 ** doublings, growth: Infinity };
  const ms = bestOf(read, flat(make(maxLength)));
  return { ms, growth: ms / (Math.max(short, minMs / 2 ** doublings) * 2 ** doublings) };
}

/** Whether the growth is above linear by more than the noise of a busy machine. */
export const isSuperlinear = ({ ms, growth }: ReaderTime): boolean => ms > minMs && growth > tolerance;

function bestOf(read: Reader, text: string): number {
  let best = Infinity;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = threadMs();
    read(text);
    best = Math.min(best, threadMs() - before);
    if (best < minMs || best > hopelessMs) break;
  }
  return best;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The text in one piece, as it arrives from outside. */
const flat = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
