import { afterEach, expect, it } from 'vitest';
import { runCommandLine } from '../program.ts';
import { done, frame, json, serveHttp, stream, type HttpServer } from '../testing/http.ts';
import { aJob, iterationFinished, jobFinished, jobId, numbered } from '../testing/job.ts';
import { testTerminal } from '../testing/terminal.ts';

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
});

const events = numbered(iterationFinished(0, 0.8), iterationFinished(1, 0.96), jobFinished);

/** Watches a job whose stream begins with these frames. */
async function watch(args: string[], ...first: string[]) {
  server = await serveHttp({
    [`GET /v1/jobs/${jobId}`]: json(aJob()),
    [`GET /v1/jobs/${jobId}/events`]: stream(...first, ...events.map(frame), done),
  });
  const terminal = testTerminal({ PENTIMENTO_URL: server.url });
  const code = await runCommandLine(['watch', jobId, ...args], terminal);
  return { code, stdout: terminal.stdout.join('\n').split('\n'), statuses: terminal.statuses };
}

it('prints a line for each iteration, and one for the end', async () => {
  const { code, stdout } = await watch([]);
  expect([code, stdout.length]).toEqual([0, 3]);
});

it('prints the events as JSON', async () => {
  const { stdout } = await watch(['--json']);
  expect(stdout.map((line) => JSON.parse(line))).toEqual(events);
});

const reply = {
  ...{ iteration: 1, candidate: 0, attempt: 1, text: '<svg>', length: 5, continues: false },
  ...{ reasoning: '', reasoningLength: 0, outputTokens: 30, tokensEstimated: true, ms: 1500 },
};
const partial = `event: partial-replies\ndata: ${JSON.stringify({ replies: [reply] })}\n\n`;

it.each([
  { args: [], statuses: ['  iteration 1: about 30 tokens so far, 20 a second'] },
  { args: ['--json'], statuses: [] },
])('shows how far the replies are, but not among events: $args', async ({ args, statuses }) => {
  expect((await watch(args, partial)).statuses).toEqual(statuses);
});
