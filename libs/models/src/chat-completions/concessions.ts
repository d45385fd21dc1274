import { asRecord } from '../json.ts';

/** What a server does not take, so that its model is asked without it. */
export interface Concession {
  /** By which it is remembered. */
  id: string;
  /** Whether another request of the model may be taken with it, so that it is not remembered. */
  dependsOnRequest?: true;
  /** In one sentence, for the job. */
  note: string;
  /** Whether the server's words refuse this. */
  isRefusedBy(message: string): boolean;
  /** The request without it; undefined where it does not have it. */
  without(body: RequestBody): RequestBody | undefined;
}

export type RequestBody = Record<string, unknown>;

const dropping = (name: string, note: string, refusal: RegExp): Concession => ({
  id: name,
  note,
  isRefusedBy: (message) => refusal.test(message),
  without(body) {
    const { [name]: dropped, ...rest } = body;
    return dropped === undefined ? undefined : rest;
  },
});

/** The parts of a request that a reply can do without. Sampling is none of them: it is recorded as sent. */
export const concessions: readonly Concession[] = [
  dropping('stream_options', 'The server takes no stream_options: asked again without them.', /stream_options/i),
  {
    id: 'max_completion_tokens',
    note: 'The server takes no max_tokens for this model: asked again with max_completion_tokens.',
    isRefusedBy: (message) => /max_completion_tokens/.test(message) && /unsupported|not supported/i.test(message),
    without({ max_tokens, ...rest }) {
      return max_tokens === undefined ? undefined : { ...rest, max_completion_tokens: max_tokens };
    },
  },
  {
    ...dropping(
      'max_tokens',
      "The job's maxOutputTokens does not fit into the model's context: asked again without a limit.",
      /max_(?:completion_|new_)?tokens|maximum context length|context (?:length|window|size)/i,
    ),
    dependsOnRequest: true,
  },
  {
    id: 'system',
    note: 'The model takes no system message: asked again with the instructions in the first user message.',
    isRefusedBy: (message) =>
      (/\bsystem\b/i.test(message) && /role|message|prompt|instruction/i.test(message)) ||
      /roles must alternate/i.test(message),
    without: withoutSystemMessage,
  },
];

/** The instructions come first in the user's message. */
function withoutSystemMessage(body: RequestBody): RequestBody | undefined {
  const messages = Array.isArray(body['messages']) ? body['messages'].map(asRecord) : [];
  const [system, first, ...others] = messages;
  if (system?.['role'] !== 'system' || first?.['role'] !== 'user') return undefined;
  const text = { type: 'text', text: String(system['content']) };
  const content = first['content'];
  const parts = Array.isArray(content) ? content : [{ type: 'text', text: String(content) }];
  return { ...body, messages: [{ ...first, content: [text, ...parts] }, ...others] };
}
