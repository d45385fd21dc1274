import { asRecord } from '../json.ts';

type Fields = Record<string, unknown>;

/**
 * A chunk or a whole reply in the form that the protocol gives a chunk of a stream: `choices` is a list, each choice has a `delta`, ids
 * are texts and counts are numbers. Fields that nothing here knows stay.
 */
export function asChunk(value: unknown): Fields {
  const { id, model, created, usage, choices, ...rest } = asRecord(value);
  return {
    ...rest,
    ...(id != null && { id: String(id) }),
    ...(typeof model === 'string' && { model }),
    ...(typeof created === 'number' && { created }),
    ...(usage != null && { usage: countsOf(usage) }),
    choices: Array.isArray(choices) ? choices.map(asChoice) : [],
  };
}

/** A whole reply in the form that the protocol gives it. */
export function asWhole(value: unknown): Fields {
  const chunk = asChunk(value);
  const choices = chunk['choices'] as Fields[];
  return { ...chunk, choices: choices.map(({ delta, ...choice }) => ({ ...choice, message: delta })) };
}

/** Whether a chunk carries some of the reply. */
export const saysSomething = ({ choices }: Fields): boolean =>
  (choices as Fields[]).some(({ delta }) =>
    ['content', 'reasoning_content', 'reasoning'].some((name) => Boolean(asRecord(delta)[name])),
  );

export const isFinished = ({ choices }: Fields): boolean =>
  (choices as Fields[]).some(({ finish_reason }) => finish_reason != null);

/** The last chunk of a reply whose server gave no finish reason. */
export const finishingChunk: Fields = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

function asChoice(choice: unknown): Fields {
  const { delta, message, text, finish_reason, ...rest } = asRecord(choice);
  return {
    ...rest,
    delta: withPlainRole(delta ?? message ?? (typeof text === 'string' ? { content: text } : {})),
    finish_reason: typeof finish_reason === 'string' && finish_reason !== '' ? finish_reason : null,
  };
}

/** A role is of no use here, and servers send any. */
function withPlainRole(delta: unknown): Fields {
  const { role, ...rest } = asRecord(delta);
  return role === undefined ? rest : { role: 'assistant', ...rest };
}

/** Numbers, also where they are sent as texts. What is no count is left out. */
function countsOf(usage: unknown): Fields {
  const counts: Fields = {};
  for (const [name, value] of Object.entries(asRecord(usage))) {
    if (typeof value === 'object' && value !== null) counts[name] = countsOf(value);
    else if (value !== null && value !== '' && Number.isFinite(Number(value))) counts[name] = Number(value);
  }
  return counts;
}
