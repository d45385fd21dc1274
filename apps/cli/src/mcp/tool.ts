import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { ApiError, UnreachableError, type Client } from '@pentimento/client';
import type { z } from 'zod';
import { CliError } from '../terminal/cli-error.ts';

/** What a tool is called with, beside its input. */
export interface ToolCall {
  client: Client;
  /** Aborts when the caller cancels the call, or leaves. */
  signal: AbortSignal;
  /** Tells the caller how far the call is; does nothing where the caller asked for no progress. */
  report(progress: { done: number; total: number; message: string }): void;
}

/** A tool of the Model Context Protocol. What its `run` rejects with is an error that the caller reads. */
export interface Tool<Input extends z.ZodType = z.ZodType> {
  name: string;
  title: string;
  description: string;
  input: Input;
  readOnly: boolean;
  run(input: z.output<Input>, call: ToolCall): Promise<CallToolResult>;
}

export const defineTool = <Input extends z.ZodType>(tool: Tool<Input>): Tool<Input> => tool;

type Content = CallToolResult['content'][number];
export const text = (content: string): Content => ({ type: 'text', text: content });
export const png = (bytes: Uint8Array | string): Content => ({
  type: 'image',
  mimeType: 'image/png',
  data: typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64'),
});

export function callOf(client: Client, { mcpReq }: ServerContext): ToolCall {
  const token = mcpReq._meta?.progressToken;
  return {
    client,
    signal: mcpReq.signal,
    report({ done, total, message }) {
      if (token === undefined) return;
      const params = { progressToken: token, progress: done, total, message };
      // A caller that has left receives nothing more.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}

/** The error as one text: what is wrong with each field of the input, and what to do. */
export function explained(error: unknown): Error {
  if (error instanceof UnreachableError) {
    const detail = `The server at ${error.url} does not answer. Call the tool again: it looks for a server, and starts one where none runs.`;
    return new Error(detail, { cause: error });
  }
  if (error instanceof ApiError) {
    const fields = (error.problem.errors ?? []).map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`);
    const more = fields.filter((field) => !field.endsWith(error.message));
    return new Error([error.message, ...more].join('\n'), { cause: error });
  }
  if (error instanceof CliError) return error;
  return new Error(`Something broke: ${(error as Error).message}`, { cause: error });
}
