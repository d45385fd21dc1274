import type { Job } from '@pentimento/contracts';
import type { ChatRequest } from '../protocols/chat-completion.ts';
import type { Response } from 'express';
import { openAiErrorOf } from '../http/openai-error.ts';
import { problemOf, ProblemException } from '../http/problem.exception.ts';
import { commentIntervalMs, eventStreamHeaders } from '../jobs/event-stream.ts';
import { chatJobOf, chunkOf, progressOf, usageChunk } from './chat-answer.ts';
import type { ChatRunner } from './chat-runner.ts';

interface ChatStream {
  runner: ChatRunner;
  request: ChatRequest;
  job: Job;
  origin: string;
  response: Response;
  signal: AbortSignal;
}

/**
 * Streams the job as chunks: its progress as reasoning, comments while nothing happens, the best code as content, and the end. What goes
 * wrong is an event with `error`, as clients of OpenAI's API read it: the status is long sent.
 */
export async function streamChat(stream: ChatStream): Promise<void> {
  const { response } = stream;
  response.writeHead(200, eventStreamHeaders);
  const comments = setInterval(() => response.write(': still here\n\n'), commentIntervalMs);
  try {
    await writeChunks(stream, (data) => void response.write(`data: ${JSON.stringify(data)}\n\n`));
  } finally {
    clearInterval(comments);
    response.end();
  }
}

async function writeChunks(stream: ChatStream, send: (data: object) => void): Promise<void> {
  const { runner, request, job, origin, response, signal } = stream;
  const say = (delta: object, rest?: object) => send(chunkOf(job, request.model, delta, rest));
  say({ role: 'assistant', content: '' }, { pentimento: chatJobOf(job, origin) });
  say({ reasoning_content: `Job ${job.id} writes ${job.language} with ${job.model}: ${origin}${job.links.web}\n` });
  try {
    const ended = await runner.follow(job, signal, (event) => {
      const line = progressOf(event);
      if (line !== undefined) say({ reasoning_content: line });
    });
    if (!ended) return;
    say({ content: await runner.content(ended) });
    send(chunkOf(job, request.model, {}, { pentimento: chatJobOf(ended, origin) }, 'stop'));
    if (request.stream_options?.include_usage) send(usageChunk(ended, request.model));
    response.write('data: [DONE]\n\n');
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    send({ error: openAiErrorOf(problemOf(error, { instance: job.links.self, requestId: undefined })) });
  }
}
