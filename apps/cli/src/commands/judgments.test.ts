import type { Judgment } from '@pentimento/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../program.ts';
import { json, problem, serveHttp, type Handler, type HttpServer } from '../testing/http.ts';
import { aJob, jobId } from '../testing/job.ts';
import { testTerminal } from '../testing/terminal.ts';

const uuid = (number: number) => `01920000-0000-7000-8000-00000000000${number}`;
const [candidate, other] = [`cand_${uuid(1)}`, `cand_${uuid(2)}`];
const at = '2026-11-30T10:00:00.000Z';

function aJudgment(number: number, parts: Partial<Judgment> = {}): Judgment {
  const author = { kind: 'human', name: '' } as const;
  const none = { verdict: null, preferredOver: null, note: '', withdrawnAt: null };
  return { id: `judg_${uuid(number)}`, jobId, candidate, ...none, author, createdAt: at, ...parts };
}

/** Keeps the bodies of the requests that it answers. */
function recording(answer: (body: never) => unknown, status: number, bodies: unknown[]): Handler {
  return async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    bodies.push(JSON.parse(text));
    return json(answer(bodies.at(-1) as never), status)(request, response);
  };
}

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function run(args: string[], handlers: Record<string, Handler> = {}) {
  server ??= await serveHttp(handlers);
  const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: '/nowhere' });
  const code = await runCommandLine(args, terminal);
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
}

describe('judge and prefer', () => {
  const bodies: unknown[] = [];
  const handlers = {
    [`POST /v1/candidates/${candidate}/judgments`]: recording((body: object) => aJudgment(3, body), 201, bodies),
  };

  it('send the verdict, the note and the author, and print the judgment', async () => {
    const options = ['--note', 'The legend\nis cut.', '--author', 'Ada'];
    const { code, stdout, stderr } = await run(['judge', candidate, 'reject', ...options], handlers);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[1]).toBe(`judg_${uuid(3)}  ${candidate}  reject   Ada     The legend is cut.`);
    expect(bodies.at(-1)).toEqual({ verdict: 'reject', note: 'The legend\nis cut.', author: { name: 'Ada' } });
  });

  it('send a note alone, and print the judgment as JSON', async () => {
    const { stdout } = await run(['judge', candidate, '--note', 'Hm.', '--json'], handlers);
    expect(bodies.at(-1)).toEqual({ verdict: null, note: 'Hm.', author: { name: '' } });
    expect(JSON.parse(stdout)).toMatchObject({ id: `judg_${uuid(3)}`, verdict: null, note: 'Hm.' });
  });

  it('say which of two candidates is better', async () => {
    const { code, stdout } = await run(['prefer', candidate, other], handlers);
    expect(code).toBe(0);
    expect(stdout).toContain(`better than ${other}`);
    expect(bodies.at(-1)).toEqual({ preferredOver: other, note: '', author: { name: '' } });
  });

  it.each([
    [['judge'], 'missing required argument'],
    [['judge', candidate], 'Nothing is said: add accept or reject, or a --note.'],
    [['judge', candidate, '--note', ' '], 'Nothing is said'],
    [['judge', candidate, 'maybe'], '"maybe" is no verdict: say accept or reject.'],
    [['prefer', candidate], 'missing required argument'],
    [['tag'], 'missing required argument'],
    [['tag', jobId, 'two words'], '"two words" is no tag. A tag has 1 to 40 characters'],
    [['tag', jobId, '--remove', ''], '"" is no tag.'],
    [['withdraw'], 'missing required argument'],
  ])('refuse %j with 2, before any request', async (args, reason) => {
    const { code, stdout, stderr } = await run(args, handlers);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(server!.requests).toEqual([]);
  });

  it('show a refusal with its field as the operand', async () => {
    const detail = 'This is not another candidate of the same job.';
    const refuse = problem(400, 'invalid-request', detail, [{ pointer: '/preferredOver', detail }]);
    const refused = await run(['prefer', candidate, candidate], {
      [`POST /v1/candidates/${candidate}/judgments`]: refuse,
    });
    expect(refused).toEqual({ code: 1, stdout: '', stderr: `${detail}\n  OTHER: ${detail}` });
  });
});

describe('judgments', () => {
  const all = [
    aJudgment(3, { verdict: 'accept' }),
    aJudgment(4, { candidate: other, preferredOver: candidate, author: { kind: 'model', name: 'judge-7b' } }),
    aJudgment(5, { verdict: 'reject', note: 'Red\u001b[31m \u202etext' }),
    aJudgment(6, { candidate: other, verdict: 'accept', withdrawnAt: at }),
  ];
  const handlers = { [`GET /v1/jobs/${jobId}/judgments`]: json({ data: all }) };

  it('are listed as they count, without characters that control a terminal', async () => {
    const { code, stdout } = await run(['judgments', jobId], handlers);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      `judg_${uuid(4)}  ${other}  better than ${candidate}  model judge-7b`,
      expect.stringMatching(new RegExp(`^judg_${uuid(5)}  ${candidate}  reject +- +Red \\[31m text$`)),
    ]);
  });

  it('are all printed as JSON, with their history', async () => {
    expect(JSON.parse((await run(['judgments', jobId, '--json'], handlers)).stdout)).toEqual({ data: all });
  });

  it('say how to begin where there are none', async () => {
    const none = await run(['judgments', jobId], { [`GET /v1/jobs/${jobId}/judgments`]: json({ data: [] }) });
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('pentimento judge') });
  });

  it('are withdrawn one by one, and each that cannot be is reported', async () => {
    const removed: Handler = (_request, response) => void response.writeHead(204).end();
    const some = await run(['withdraw', 'judg_unknown', `judg_${uuid(3)}`, '--json'], {
      [`DELETE /v1/judgments/judg_${uuid(3)}`]: removed,
    });
    expect(some).toEqual({
      code: 1,
      stdout: JSON.stringify({ withdrawn: [`judg_${uuid(3)}`] }),
      stderr: 'judg_unknown: Not found: check the id.',
    });
  });
});

describe('tag', () => {
  const bodies: { tags: string[] }[] = [];
  const handlers = (tags: string[]) => ({
    [`GET /v1/jobs/${jobId}`]: json(aJob({ tags })),
    [`PUT /v1/jobs/${jobId}/tags`]: recording((body: object) => aJob(body), 200, bodies),
  });

  it('adds and removes tags, and prints those that the job has then', async () => {
    const args = ['tag', jobId, 'zebra', 'chart', '--remove', 'old', '--remove', 'absent'];
    expect(await run(args, handlers(['old', 'kept']))).toEqual({ code: 0, stdout: 'chart\nkept\nzebra', stderr: '' });
    expect(bodies.at(-1)).toEqual({ tags: ['chart', 'kept', 'zebra'] });
  });

  it('only shows the tags where none are named', async () => {
    expect((await run(['tag', jobId], handlers(['chart']))).stdout).toBe('chart');
    expect(JSON.parse((await run(['tag', jobId, '--json'])).stdout).tags).toEqual(['chart']);
    expect(server!.requests).toEqual([`GET /v1/jobs/${jobId}`, `GET /v1/jobs/${jobId}`]);
  });

  it('says that a job has none', async () => {
    expect(await run(['tag', jobId], handlers([]))).toEqual({ code: 0, stdout: '', stderr: 'The job has no tags.' });
  });

  it('is a filter of the list, and a part of a job', async () => {
    const counts = { queued: 0, running: 0, canceling: 0, succeeded: 0, failed: 0, canceled: 0 };
    const page = json({ data: [], hasMore: false, nextCursor: null, counts });
    await run(['list', '--tag', 'chart,big'], { ...handlers(['chart', 'big']), 'GET /v1/jobs': page });
    expect((await run(['get', jobId])).stdout).toMatch(/^tags +chart big$/m);
    expect(server!.requests).toEqual(['GET /v1/jobs?tag=chart%2Cbig', `GET /v1/jobs/${jobId}`]);
  });
});
