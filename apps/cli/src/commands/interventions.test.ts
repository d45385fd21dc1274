import { policySchema, type Intervention, type InterventionOf } from '@pentimento/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../program.ts';
import { json, problem, serveHttp, type Handler, type HttpServer } from '../testing/http.ts';
import { aJob, jobId } from '../testing/job.ts';
import { testTerminal } from '../testing/terminal.ts';

const candidate = 'cand_01920000-0000-7000-8000-000000000001';
const id = 'intv_01920000-0000-7000-8000-000000000002';
const box = { x: 1, y: 2, width: 30, height: 40 };
const before = { policy: policySchema.parse({}), budget: {}, model: 'builtin/vectorizer' };

/** An intervention as the server gives it out for a request. */
function created(request: { kind: Intervention['kind'] }): unknown {
  const common = {
    id,
    jobId,
    fromIteration: null,
    untilIteration: null,
    withdrawnAt: null,
    createdAt: aJob().createdAt,
  };
  if (request.kind === 'edit') return { ...common, ...request, code: 'a'.repeat(64) };
  const { kind, ...changes } = request;
  return kind === 'continue' ? { ...common, kind, changes, before } : { ...common, ...request };
}

const bodies: unknown[] = [];
/** Keeps the bodies of the requests that it answers. */
const recording =
  (answer: (body: never) => unknown, status: number): Handler =>
  async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    bodies.push(JSON.parse(text));
    return json(answer(bodies.at(-1) as never), status)(request, response);
  };

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function run(
  args: string[],
  { job = aJob(), routes = {} }: { job?: ReturnType<typeof aJob>; routes?: Record<string, Handler> } = {},
) {
  server ??= await serveHttp({
    [`GET /v1/jobs/${jobId}`]: json(job),
    [`POST /v1/jobs/${jobId}/interventions`]: recording(created, 201),
    [`POST /v1/jobs/${jobId}/fork`]: recording(() => aJob({ forkedFrom: { job: jobId, candidate } }), 202),
    ...routes,
  });
  const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: '/nowhere' });
  const code = await runCommandLine(args, terminal);
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
}

const running = aJob({ status: 'running', finishedAt: null, outcome: null, stopReason: null });

describe('fix and lock', () => {
  it('send the box and the words, and say from when on it holds', async () => {
    const { code, stdout, stderr } = await run(['fix', jobId, 'The legend\nis cut.', '--box', '1,2,30,40'], {
      job: running,
    });
    expect(code).toBe(0);
    expect(bodies.at(-1)).toEqual({ kind: 'fix', box, words: 'The legend\nis cut.' });
    expect(stdout.split('\n')[1]).toBe(`${id}  fix   1,2,30,40: The legend is cut.  from the next round on`);
    expect(stderr).toBe('it holds from the next round on');
  });

  it('say how an ended job goes on', async () => {
    const { stdout, stderr } = await run(['lock', jobId, '--box', '1,2,30,40', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'lock', box });
    expect(stderr).toContain(`pentimento continue ${jobId}`);
  });

  it.each(['1,2,30', '1,2,0,4', 'a,b,c,d', '-1,2,3,4', '1,,2,3', '1.5,2,3,4'])('refuse the box %s', async (text) => {
    const { code, stderr } = await run(['lock', jobId, `--box=${text}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('give x,y,width,height in whole pixels of the target');
  });

  it('name the field that the server refuses', async () => {
    const detail = 'The box is not within the target.';
    const routes = {
      [`POST /v1/jobs/${jobId}/interventions`]: problem(400, 'invalid-request', detail, [{ pointer: '/box', detail }]),
    };
    const { code, stderr } = await run(['lock', jobId, '--box', '1,2,30,40'], { routes });
    expect(code).toBe(1);
    expect(stderr).toContain(`--box: ${detail}`);
  });
});

describe('edit and branch', () => {
  it('send a file as code of the best candidate', async () => {
    const { code } = await run(['edit', jobId, import.meta.filename]);
    expect(code).toBe(0);
    expect(bodies.at(-1)).toMatchObject({
      kind: 'edit',
      candidate,
      code: expect.stringContaining('send a file as code'),
    });
  });

  it('ask for a candidate where nothing has rendered', async () => {
    const { code, stderr } = await run(['edit', jobId, import.meta.filename], { job: aJob({ best: null }) });
    expect(code).toBe(2);
    expect(stderr).toContain('--candidate');
  });

  it('send the candidate to go on from', async () => {
    await run(['branch', jobId, candidate]);
    expect(bodies.at(-1)).toEqual({ kind: 'branch', candidate });
  });
});

describe('continue and fork', () => {
  it('send the settings that are given, and no defaults', async () => {
    const args = ['--threshold', '0.98', '--max-cost', '2', '--model', 'openai/x'];
    const { stdout } = await run(['continue', jobId, ...args], { job: running });
    expect(bodies.at(-1)).toEqual({
      kind: 'continue',
      policy: { threshold: 0.98 },
      budget: { maxCost: 2 },
      model: 'openai/x',
    });
    expect(stdout).toContain('threshold 0.98, maxCost 2, model openai/x');
  });

  it('lift a limit', async () => {
    const { stdout } = await run(['continue', jobId, '--max-tokens', 'none'], { job: running });
    expect(bodies.at(-1)).toEqual({ kind: 'continue', policy: {}, budget: { maxTokens: null } });
    expect(stdout).toContain('maxTokens none');
  });

  it('name each setting that is wrong', async () => {
    const { code, stderr } = await run(['continue', jobId, '--threshold', '2']);
    expect(code).toBe(2);
    expect(stderr).toContain('--threshold');
  });

  it('submit a job again from a candidate, and say where it comes from', async () => {
    const { stdout } = await run(['fork', jobId, candidate, '--max-iterations', '2', '--name', 'again']);
    expect(bodies.at(-1)).toEqual({ candidate, name: 'again', policy: { maxIterations: 2 }, budget: {} });
    expect(stdout).toContain(`${jobId} ${candidate}`);
  });

  it('submit a job again as it began', async () => {
    await run(['fork', jobId]);
    expect(bodies.at(-1)).toEqual({ candidate: null, policy: {}, budget: {} });
  });
});

it('interventions lists those that were not withdrawn, and withdraw withdraws them', async () => {
  const lock = created({ kind: 'lock', box } as never) as InterventionOf<'lock'>;
  const data = [
    { ...lock, fromIteration: 2 },
    { ...lock, fromIteration: 1, untilIteration: 3, withdrawnAt: lock.createdAt },
  ];
  const routes = {
    [`GET /v1/jobs/${jobId}/interventions`]: json({ data }),
    [`DELETE /v1/interventions/${id}`]: ((_, response) => void response.writeHead(204).end()) as Handler,
  };
  const { stdout } = await run(['interventions', jobId], { routes });
  expect(stdout.split('\n').slice(1)).toEqual([`${id}  lock  1,2,30,40  from iteration 2 on`]);
  expect(JSON.parse((await run(['interventions', jobId, '--json'])).stdout)).toEqual({ data });
  expect((await run(['withdraw', id])).stdout).toBe(id);
});
