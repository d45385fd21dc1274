import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Client } from '@pentimento/client';
import { fence, isFinal, type Job } from '@pentimento/contracts';
import { formatScore } from '../output/progress-formatter.ts';
import { png, text } from './tool.ts';

/** Models see images at about this width. */
const imageWidth = 1024;

/** A job as a tool's result: how far it is, its best code and the render of that. A job that ended without any is an error. */
export async function jobContent(client: Client, job: Job): Promise<CallToolResult> {
  const { id, best, language, status } = job;
  if (!best) return { content: [text(summaryOf(client, job))], isError: isFinal(status) };
  const [code, image] = await Promise.all([
    client.getBlob(best.code),
    client.getBlob(best.image, { width: imageWidth }),
  ]);
  const summary = `${summaryOf(client, job)}\n\n${fence(new TextDecoder().decode(code), language)}`;
  const note = `The render of this code, of job ${id}:`;
  return { content: [text(summary), text(note), png(image)] };
}

function summaryOf({ url }: Client, job: Job): string {
  const { id, status, outcome, best, stopDetail, error, scores, policy, links } = job;
  const state = outcome === null ? status : `${status}, ${outcome.replaceAll('_', ' ')}`;
  const score = best
    ? `best score ${formatScore(best.overall)} at iteration ${best.iteration}`
    : 'nothing rendered yet';
  const lines = [
    `Job ${id}: ${state}, ${score} after ${scores.length} iterations; the threshold is ${policy.threshold}.`,
    error?.message ?? stopDetail ?? `It is still at work: call the tool get with job "${id}" for its result.`,
    `Every iteration with its images: ${url}${links.web}`,
  ];
  return lines.join('\n');
}
