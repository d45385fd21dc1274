import type { ReplyProgress } from '@pentimento/contracts';
import { asRecord } from '../json.ts';

const charactersPerToken = 4;

/** How far the stream of one attempt has come. */
export class StreamProgress {
  readonly #now: () => number;
  #firstAt: number | undefined;
  #counted = 0;
  /** Characters that came since the server counted. */
  #uncounted = 0;
  #isCounted = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Before the text that the chunk has: some servers count the tokens in every chunk, others at the end. */
  readChunk(chunk: unknown): void {
    const tokens = tokensIn(chunk);
    this.#isCounted = tokens !== null;
    if (tokens === null) return;
    this.#counted = tokens;
    this.#uncounted = 0;
  }

  addText(text: string): void {
    if (text === '') return;
    this.#firstAt ??= this.#now();
    if (!this.#isCounted) this.#uncounted += text.length;
  }

  figures(): Pick<ReplyProgress, 'outputTokens' | 'tokensEstimated' | 'ms'> {
    return {
      outputTokens: this.#counted + Math.ceil(this.#uncounted / charactersPerToken),
      tokensEstimated: this.#uncounted > 0,
      ms: Math.max(0, this.#now() - (this.#firstAt ?? this.#now())),
    };
  }
}

/** The output tokens so far, as OpenAI's and Google's protocols stream them; null where the chunk does not count. */
function tokensIn(chunk: unknown): number | null {
  const { usage, usageMetadata } = asRecord(chunk);
  const google = asRecord(usageMetadata);
  const counts = [
    asRecord(usage)['completion_tokens'] ?? asRecord(usage)['output_tokens'] ?? google['candidatesTokenCount'],
    google['thoughtsTokenCount'] ?? 0,
  ];
  return counts.every((value) => Number.isSafeInteger(value) && Number(value) >= 0)
    ? counts.reduce<number>((sum, value) => sum + Number(value), 0)
    : null;
}
