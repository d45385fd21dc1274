import { once } from 'node:events';
import { rewardStreamMediaType, type RewardStreamLine } from '@pentimento/api-contracts';
import type { ResultsInTurn } from '@pentimento/reward';
import type { Request, Response } from 'express';
import { problemOf, ProblemException } from '../http/problem.exception.ts';

/** Whether the client asks for a line a result, by name: any other `Accept` means one JSON object. */
export const wantsStream = (request: Request): boolean =>
  request.accepts(['application/json', rewardStreamMediaType]) === rewardStreamMediaType;

interface RewardStream extends ResultsInTurn {
  request: Request;
  response: Response;
  signal: AbortSignal;
}

/** Sends each result as soon as it is there, and waits for a client that reads more slowly. What goes wrong is the last line: the status is long sent. */
export async function streamResults(stream: RewardStream): Promise<void> {
  const { rewardVersion, response } = stream;
  // `no-transform` keeps proxies from compressing, and so delaying, what must arrive at once.
  const headers = { 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' };
  response.writeHead(200, { 'Content-Type': rewardStreamMediaType, ...headers });
  response.flushHeaders();
  try {
    await sendResults(stream);
    response.write(lineOf({ type: 'end', rewardVersion }));
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    response.write(lineOf({ type: 'error', problem: problemIn(stream, error) }));
  }
  response.end();
}

async function sendResults({ results, response, signal }: RewardStream): Promise<void> {
  for await (const { index, result } of results) {
    if (!response.write(lineOf({ type: 'result', index, result }))) await drained(response, signal);
  }
}

/** Throws the signal's reason. */
async function drained(response: Response, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

const lineOf = (line: RewardStreamLine): string => `${JSON.stringify(line)}\n`;

const problemIn = ({ request }: RewardStream, error: ProblemException) =>
  problemOf(error, { instance: request.originalUrl, requestId: String(request.id) });
