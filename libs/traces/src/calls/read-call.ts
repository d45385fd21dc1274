import type { ModelCall, Prompt, TokenRecord } from '@pentimento/contracts';
import { TraceError } from '../export/drops.ts';
import type { TraceSource } from '../export/source.ts';
import { promptImageProblem, tokenProblem } from './check-tokens.ts';

/** What a model call sent and received. */
export interface CallContent {
  prompt: Prompt;
  /** As received. */
  reply: string;
  /** Null where the model gave none apart from the reply. */
  reasoning: string | null;
  /** Null where only the text is known. */
  tokens: TokenRecord | null;
}

/** Reads a call and checks its tokens and images. Throws a TraceError where they are wrong. */
export async function readCall({ prompt: promptId, reply, reasoning, capture }: ModelCall, source: TraceSource) {
  const prompt = await source.prompt(promptId);
  const tokens = capture.level === 'token_exact' ? await source.tokens(capture.tokens) : null;
  const problem = promptImageProblem(prompt) ?? (tokens && tokenProblem(tokens, prompt));
  if (problem) throw new TraceError('token_mismatch', problem);
  const content: CallContent = {
    prompt,
    reply: await source.text(reply),
    reasoning: reasoning && (await source.text(reasoning)),
    tokens,
  };
  return content;
}
