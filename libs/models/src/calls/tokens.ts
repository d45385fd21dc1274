import {
  missingLogprob,
  tokenRecordSchema,
  type BlobId,
  type ModelReply,
  type TokenRecord,
} from '@pentimento/contracts';
import { asRecord, textIn } from '../json.ts';
import type { CaptureSettings } from './capture.ts';

/**
 * Collects the token ids and log-probabilities of one reply, from the chunks of its stream or from its whole body. vLLM has
 * `prompt_token_ids` at the top of the first chunk and `token_ids` in each choice; SGLang has both in the choice of a whole reply.
 */
export class TokenReader {
  weightVersion: string | null = null;
  #prompt: unknown[] = [];
  readonly #completion: unknown[] = [];
  readonly #logprobs: unknown[] = [];

  read(chunk: unknown): void {
    const { prompt_token_ids, metadata, choices } = asRecord(chunk);
    const { prompt_token_ids: ofChoice, token_ids, logprobs, meta_info } = asRecord(list(choices)[0]);
    if (this.#prompt.length === 0) this.#prompt = list(prompt_token_ids ?? ofChoice);
    for (const id of list(token_ids)) this.#completion.push(id);
    for (const entry of list(asRecord(logprobs)['content'])) this.#logprobs.push(asRecord(entry)['logprob']);
    this.weightVersion ??= textIn(metadata, 'weight_version') ?? textIn(meta_info, 'weight_version');
  }

  /** Numbers that are held. */
  get count(): number {
    return this.#prompt.length + this.#completion.length + this.#logprobs.length;
  }

  /** What is known of the reply. Whatever is missing or cannot be right makes it `text_only`: nothing is guessed. */
  capture(settings: CaptureSettings, images: readonly BlobId[]): ModelReply['capture'] {
    const reason = this.#whatIsMissing();
    if (reason) return textOnly(reason);
    const tokens = tokenRecordSchema.safeParse({
      promptTokenIds: this.#prompt,
      completionTokenIds: this.#completion,
      logprobs: this.#logprobs,
      logprobsMode: settings.logprobsMode ?? null,
      imagePlaceholders: null,
    });
    if (!tokens.success) return textOnly('The server sent token ids or log-probabilities that cannot be right.');
    const imagePlaceholders = placeholdersIn(tokens.data.promptTokenIds, settings.imageTokenId, images);
    return { level: 'token_exact', tokens: { ...tokens.data, imagePlaceholders } };
  }

  #whatIsMissing(): string | undefined {
    if (this.#prompt.length === 0) return 'The server sent no token ids of the prompt.';
    if (this.#completion.length === 0) return 'The server sent no token ids of the reply.';
    if (this.#logprobs.length !== this.#completion.length)
      return `The server sent ${this.#completion.length} token ids and ${this.#logprobs.length} log-probabilities.`;
    if (this.#logprobs.includes(missingLogprob)) return 'The server did not know the log-probability of a token.';
    return undefined;
  }
}

const textOnly = (reason: string): ModelReply['capture'] => ({ level: 'text_only', reason });

/** The runs of the image token; null where it is not known, or where there are not as many runs as images. */
function placeholdersIn(
  ids: readonly number[],
  imageTokenId: number | undefined,
  images: readonly BlobId[],
): TokenRecord['imagePlaceholders'] {
  const runs: { offset: number; length: number }[] = [];
  for (const [offset, id] of ids.entries()) {
    const last = runs.at(-1);
    if (id !== imageTokenId) continue;
    if (last && last.offset + last.length === offset) last.length++;
    else runs.push({ offset, length: 1 });
  }
  if (imageTokenId === undefined || runs.length !== images.length) return null;
  return runs.map((run, index) => ({ ...run, image: images[index]! }));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
