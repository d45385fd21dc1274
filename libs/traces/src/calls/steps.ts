import type { MessagePart, TokenRecord } from '@pentimento/contracts';
import type { CallContent } from './read-call.ts';

/** A message of a conversation; the instructions of a prompt are its system message. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: readonly MessagePart[];
}

/** One call of a trajectory with what it adds to the conversation before it. */
export interface Step {
  call: CallContent;
  /** The prompt is not the conversation so far with something added: it starts a new one. False for the first call. */
  branchBreak: boolean;
  /** The messages of the prompt that the conversation did not have; all of them where it is a new one. */
  messages: ChatMessage[];
  /** The tokens of the prompt that the conversation did not have. Null where tokens are not known. */
  promptTokenIds: readonly number[] | null;
}

/**
 * The calls of a trajectory as steps of one or more conversations. A call continues the conversation of the call before it where
 * its messages begin with that prompt and reply, and its prompt's token ids begin with those of that prompt and completion. Prompts that
 * summarize earlier turns break: each is a conversation of its own.
 */
export function stepsOf(calls: readonly CallContent[]): Step[] {
  return calls.map((call, index) => {
    const before = calls[index - 1];
    const continued = before !== undefined && continues(before, call);
    const messages = chatOf(call);
    return {
      call,
      branchBreak: before !== undefined && !continued,
      messages: continued ? messages.slice(chatOf(before).length + 1) : messages,
      promptTokenIds: call.tokens && call.tokens.promptTokenIds.slice(continued ? lengthOf(before.tokens!) : 0),
    };
  });
}

function continues(before: CallContent, call: CallContent): boolean {
  const conversation = [...chatOf(before), { role: 'assistant', content: [{ type: 'text', text: before.reply }] }];
  const texts = chatOf(call).map((message) => JSON.stringify(message));
  return (
    conversation.every((message, index) => JSON.stringify(message) === texts[index]) &&
    continuesTokens(before.tokens, call.tokens)
  );
}

/** Between calls of which only the text is known, the messages decide. */
function continuesTokens(before: TokenRecord | null, tokens: TokenRecord | null): boolean {
  if (!before || !tokens) return before === tokens;
  const conversation = [...before.promptTokenIds, ...before.completionTokenIds];
  return conversation.every((id, index) => id === tokens.promptTokenIds[index]);
}

const lengthOf = ({ promptTokenIds, completionTokenIds }: TokenRecord) =>
  promptTokenIds.length + completionTokenIds.length;

const chatOf = ({ prompt: { instructions, messages } }: CallContent): ChatMessage[] =>
  instructions === '' ? messages : [{ role: 'system', content: [{ type: 'text', text: instructions }] }, ...messages];
