import {
  rewardStreamLineSchema,
  rewardStreamMediaType,
  type RewardResult,
  type rewardRequestSchema,
} from '@pentimento/api-contracts';
import type { z } from 'zod';
import { ApiError, UnreachableError } from './errors.ts';
import { parseJson, type Http } from './http.ts';
import { postJson, type CallOptions } from './requests.ts';

export type RewardRequestInput = z.input<typeof rewardRequestSchema>;

export interface IndexedResult {
  /** Of the item in the request. */
  index: number;
  result: RewardResult;
}

/** The results of a batch as they come. Throws an `ApiError` for the stream's problem, and for a stream that ends without its last line. */
export async function* scoreInTurn(
  http: Http,
  path: string,
  request: RewardRequestInput,
  options: CallOptions,
): AsyncGenerator<IndexedResult, void> {
  const init = postJson(request, options);
  const headers = { ...init.headers, accept: rewardStreamMediaType };
  const response = await http.send(path, { ...init, headers });
  for await (const text of linesOf(http.chunks(response, options.signal))) {
    const line = http.parse(rewardStreamLineSchema, parseJson(text), path);
    if (line.type === 'end') return;
    if (line.type === 'error') throw new ApiError(line.problem);
    yield { index: line.index, result: line.result };
  }
  throw new UnreachableError(http.url);
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
