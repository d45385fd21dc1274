import { type Job, type JobEvent } from '@pentimento/contracts';
import { type ChatCompletion, type ChatJob, type ChatUsage } from '../protocols/chat-completion.ts';
import { ProblemException } from '../http/problem.exception.ts';

/** What an answer is made of. */
export interface ChatAnswer {
  job: Job;
  /** As it was asked for. */
  model: string;
  /** The best code, fenced. */
  content: string;
  /** Address of this server as the client reached it. */
  origin: string;
}

const created = ({ createdAt }: Job): number => Math.floor(Date.parse(createdAt) / 1000);
const idOf = ({ id }: Job): string => `chatcmpl-${id}`;

export function completionOf({ job, model, content, origin }: ChatAnswer): ChatCompletion {
  const message = { role: 'assistant', content, refusal: null } as const;
  return {
    id: idOf(job),
    object: 'chat.completion',
    created: created(job),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: usageOf(job),
    pentimento: chatJobOf(job, origin),
  };
}

/** A chunk of a stream (OpenAI's API reference, "The chat completion chunk object"). `rest` is added to it. */
export function chunkOf(
  job: Job,
  model: string,
  delta: object,
  rest: object = {},
  finish: 'stop' | null = null,
): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { ...headOf(job, model), choices, ...rest };
}

/** The last chunk, which has the usage and no choice. */
export const usageChunk = (job: Job, model: string): object => ({
  ...headOf(job, model),
  choices: [],
  usage: usageOf(job),
});

const headOf = (job: Job, model: string) => ({
  id: idOf(job),
  object: 'chat.completion.chunk',
  created: created(job),
  model,
});

function usageOf({ spent: { inputTokens, outputTokens } }: Job): ChatUsage {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

export function chatJobOf(job: Job, origin: string): ChatJob {
  const { id, status, outcome, stopReason, stopDetail, language, best, scores, error, links } = job;
  return {
    job: id,
    ...{ status, outcome, stopReason, stopDetail, language, error },
    score: best?.overall ?? null,
    iterations: scores.length,
    links: { self: origin + links.self, web: origin + links.web },
  };
}

/** What the news of a job says to the reader of a stream; undefined where it says nothing. One line. */
export function progressOf(event: JobEvent): string | undefined {
  switch (event.type) {
    case 'iteration.finished': {
      const { iteration, kind, score, best, accepted, verdicts } = event.data;
      const verdict = accepted.length > 0 ? 'accepted' : [...new Set(verdicts)].join(', ').replaceAll('_', ' ');
      return `Iteration ${iteration} (${kind}): score ${figure(score)}, ${verdict}; best ${figure(best)}.\n`;
    }
    case 'call.retried':
      return `The model is called again: ${event.data.reason}\n`;
    case 'job.queued':
      return event.data.reason === 'created' ? undefined : `The job is queued again (${event.data.reason}).\n`;
    case 'job.finished':
      return `${event.data.detail}\n`;
    default:
      return undefined;
  }
}

const figure = (score: number | null): string => score?.toFixed(4) ?? 'none';

/** Why a job that has ended without a render gave no code, with the status that says whether it may help to ask again. */
export function failureOf({ id, status, error, stopDetail }: Job): ProblemException {
  const detail = `${error?.message ?? stopDetail ?? 'It rendered nothing.'} This was job ${id}; GET /v1/jobs/${id}/candidates shows what was tried.`;
  if (status === 'canceled')
    return new ProblemException('job-failed', `The job ${id} was canceled before it rendered anything.`);
  return new ProblemException(problemOfError(error?.code), detail);
}

function problemOfError(code: string | undefined): 'busy' | 'model-not-ready' | 'unavailable' | 'job-failed' {
  switch (code) {
    case 'model_rate_limited':
      return 'busy';
    case 'model_not_configured':
    case 'model_unauthorized':
      return 'model-not-ready';
    case 'model_overloaded':
    case 'model_timeout':
    case 'model_unreachable':
    case 'reward_unavailable':
      return 'unavailable';
    default:
      return 'job-failed';
  }
}
