import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from './program.ts';
import { done, frame, json, problem, serveHttp, stream, type Handler, type HttpServer } from './testing/http.ts';
import {
  aJob,
  anIteration,
  codeBlob,
  imageBlob,
  iterationFinished,
  jobFinished,
  jobId,
  numbered,
} from './testing/job.ts';
import { testTerminal, type TestTerminal } from './testing/terminal.ts';

let folder: string;
let image: string;
let server: HttpServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-cli-'));
  image = join(folder, 'badge.png');
  await writeFile(image, 'image bytes');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const events = numbered(iterationFinished(0, 0.8), iterationFinished(1, 0.96), jobFinished);
const bytes =
  (text: string): Handler =>
  (_request, response) =>
    void response.end(text);

/** The API's replies for one job that runs to its end. */
const routes = (job = aJob()): Record<string, Handler> => ({
  'GET /v1/languages': json({ data: [] }),
  'POST /v1/jobs': json(aJob({ status: 'queued', outcome: null }), 202),
  [`GET /v1/jobs/${jobId}`]: json(job),
  [`POST /v1/jobs/${jobId}/cancel`]: json(aJob({ status: 'canceling' }), 202),
  [`POST /v1/jobs/${jobId}/retry`]: problem(409, 'conflict', 'The job has succeeded: submit it again.'),
  'GET /v1/storage': json({
    stored: { jobs: 3, blobs: 9, bytes: 3 * 1024 ** 2 },
    prunable: { jobs: 1, blobs: 2, bytes: 1024 ** 2 },
    retention: { maxAgeDays: null, maxJobs: null },
    strayFiles: null,
  }),
  'POST /v1/storage/prune': json({
    deleted: { jobs: 1, blobs: 2, bytes: 1024 ** 2 },
    strayFiles: { files: 4, bytes: 0 },
  }),
  [`DELETE /v1/jobs/${jobId}`]: (_request, response) => void response.writeHead(204).end(),
  [`GET /v1/jobs/${jobId}/events`]: stream(...events.map(frame), done),
  [`GET /v1/jobs/${jobId}/iterations`]: json({ data: [anIteration(0, 0.8), anIteration(1, 0.96)] }),
  [`GET /v1/blobs/${codeBlob}`]: bytes('<svg/>'),
  [`GET /v1/blobs/${imageBlob}`]: bytes('png bytes'),
  'GET /v1/jobs': json({
    data: [job],
    hasMore: true,
    nextCursor: 'next',
    counts: { queued: 0, running: 0, waiting: 0, canceling: 0, succeeded: 1, failed: 0, canceled: 0 },
  }),
});

async function run(args: string[], handlers = routes(), terminal?: TestTerminal) {
  server ??= await serveHttp(handlers);
  const used = terminal ?? testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder });
  const code = await runCommandLine(args, used);
  return { code, stdout: used.stdout.join('\n'), stderr: used.stderr.join('\n') };
}

describe('usage', () => {
  it.each([
    [[]],
    [['frobnicate']],
    [['refine']],
    [['refine', 'x.png']],
    [['refine', 'x.png', '-l', 'cobol']],
    [['refine', 'x.png', '-l', 'svg', '--threshold', 'high']],
    [['refine', 'x.png', '-l', 'svg', '--threshold', '2']],
    [['refine', 'x.png', '-l', 'svg', '--profile', 'text']],
    [['refine', 'x.png', '-l', 'svg', '--minimums', 'text=0.9']],
    [['refine', 'x.png', '-l', 'svg', '--minimums', 'worstTile=2']],
    [['refine', 'x.png', '-l', 'svg', '--minimums', 'worstTile']],
    [['refine', 'x.png', '-l', 'svg', '--max-iterations', '0']],
    [['refine', 'x.png', '-l', 'svg', '--candidates', '1.5']],
    [['refine', 'x.png', '-l', 'svg', '--model', 'gpt']],
    [['refine', 'x.png', '-l', 'html', '--device-scale', '5']],
    [['refine', 'x.png', '-l', 'svg', '--speed', '3']],
    [['score', '--target', 'x.png']],
    [['score', '--target', 'x.png', '--render', 'y.png', '--code', 'z.svg']],
    [['score', '--render', 'y.png']],
    [['score', '--target', 'x.png', '--render', 'y.png', '--alpha', 'white']],
    [['score', '--target', 'x.png', '--response', 'y.md', '-l', 'svg', '--alignment', 'loose']],
    [['score', '--target', 'x.png', '--response', 'y.md']],
    [['score', '--batch', 'x.jsonl', '--target', 'x.png']],
    [['serve', '--only', 'jobs']],
    [['delete']],
    [['prune', '--days', 'ten']],
    [['render', '-', '--out', 'x.png']],
    [['render', 'x.unknown', '--out', 'x.png']],
    [['render', 'x.svg', '--out', 'x.png', '--size', '0x9']],
    [['render', 'x.html', '--out', 'x.png', '--device-scale', '0']],
    [['render', 'x.html', '--out', 'x.png', '--device-scale', 'double']],
    [['score', '--target', 'x.png', '--code', 'x.html', '--device-scale', '9']],
    [['synthesize']],
    [['synthesize', '--from', 'examples']],
    [['synthesize', '--from', 'examples', '--out', 'x', '--count', '0']],
    [['synthesize', '--from', 'examples', '--out', 'x', '--count', '2.5']],
    [['synthesize', '--from', 'examples', '--out', 'x', '--seed', '-1']],
    [['synthesize', '--from', 'examples', '--out', 'x', '--language', 'cobol']],
    [['synthesize', '--from', 'examples', '--out', 'x', '--kinds', 'wrong-color,wrong-size']],
  ])('refuses %j with 2 and nothing on stdout', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('    at ');
  });

  it('names every invalid option', async () => {
    const { stderr } = await run(['refine', image, '-l', 'svg', '--threshold', '2', '--profile', 'text']);
    expect(stderr).toMatch(/^--threshold: .*\n--profile: .*"worstTile"/);
    const minimums = await run(['refine', image, '-l', 'svg', '--minimums', 'worstTile=2,text=0.9']);
    expect(minimums.stderr).toMatch(/^--minimums: .*\n--minimums: "text" is none of .*"worstTile"/);
    expect((await run(['refine', image, '-l', 'html', '--device-scale', '5'])).stderr).toMatch(/^--device-scale: .*4$/);
  });

  it('says which device scales are allowed', async () => {
    const page = join(folder, 'page.html');
    await writeFile(page, '<p>Hi</p>');
    const { stderr } = await run(['render', page, '--out', join(folder, 'x.png'), '--device-scale', '0']);
    expect(stderr).toBe('0 is not a device scale: give --device-scale from 1 to 4, e.g. 2.');
  });

  it('names the kinds of flaws where one is unknown', async () => {
    const { stderr } = await run(['synthesize', '--from', folder, '--out', join(folder, 'x'), '--kinds', 'wrong-size']);
    expect(stderr).toMatch(/^There is no kind of flaw "wrong-size": give --kinds wrong-color,.*broken-syntax/);
  });

  it('says that a folder holds no code, and makes nothing of it', async () => {
    const options = ['--from', folder, '--out', join(folder, 'x')];
    const none = await run(['synthesize', ...options]);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('holds no code of any language: name one with files such as chart.py');
    await writeFile(join(folder, 'icon.svg'), '<svg/>');
    expect((await run(['synthesize', ...options, '-l', 'python'])).stderr).toContain('holds no code of python');
    expect((await run(['synthesize', '--from', join(folder, 'none'), '--out', 'x'])).stderr).toContain('no such file');
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('prints help as data', async () => {
    const { code, stdout, stderr } = await run(['refine', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--max-iterations');
  });
});

describe('refine', () => {
  it('prints a line for each iteration, saves the results and ends with the path of the best code', async () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await run(['refine', image, '--language', 'svg', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toBe(join(out, 'best.svg'));
    expect(stderr.split('\n')).toEqual([
      `watch it at ${server!.url}/job?id=${jobId}`,
      expect.stringContaining('iteration  0  draft     score 0.8000'),
      expect.stringContaining('iteration  1  refine    score 0.9600  change +0.0300'),
      'threshold met: It is good.',
    ]);
    expect(await readFile(join(out, 'best.svg'), 'utf8')).toBe('<svg/>');
    expect(await readFile(join(out, 'best.png'), 'utf8')).toBe('png bytes');
    expect(JSON.parse(await readFile(join(out, 'trajectory.json'), 'utf8'))).toMatchObject({
      job: { id: jobId },
      iterations: [{ index: 0 }, { index: 1 }],
    });
  });

  it('sends the image, the options and the given code', async () => {
    const code = join(folder, 'own.svg');
    await writeFile(code, '<svg>own</svg>');
    let sent = '';
    const handlers = {
      ...routes(),
      'POST /v1/jobs': (async (request, response) => {
        for await (const chunk of request) sent += String(chunk);
        return json(aJob(), 202)(request, response);
      }) satisfies Handler,
    };
    const options = [
      '--threshold',
      '0.9',
      '--profile',
      'visual',
      '--minimums',
      'worstTile=0.8,size=0.99',
      '--max-tile-loss',
      '1',
      '--max-iterations',
      '3',
      '--strategy',
      'greedy',
      '--candidates',
      '2',
      '--rewrite-below',
      '0.4',
      '--max-output-tokens',
      '900',
      '--max-cost',
      '0.5',
      '--instructions',
      'be brief',
      '--device-scale',
      '2',
    ];
    await run(['refine', image, '-l', 'svg', '-m', 'openai/x', '--code', code, ...options], handlers);
    expect(sent).toContain('name="target"; filename="badge.png"');
    expect(sent).toContain('image bytes');
    expect(JSON.parse(/\{.*\}/.exec(sent)![0])).toMatchObject({
      language: 'svg',
      model: 'openai/x',
      code: '<svg>own</svg>',
      instructions: 'be brief',
      deviceScale: 2,
      policy: {
        threshold: 0.9,
        profile: 'visual',
        minimums: { worstTile: 0.8, size: 0.99 },
        maxTileLoss: 1,
        maxIterations: 3,
        strategy: 'greedy',
        candidates: 2,
        rewriteBelow: 0.4,
        maxOutputTokens: 900,
      },
      budget: { maxCost: 0.5 },
    });
  });

  it('prints exactly one JSON object with --json, and saves in the home where no folder is named', async () => {
    const { stdout } = await run(['refine', image, '-l', 'svg', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      jobId,
      outcome: 'threshold_met',
      stopReason: 'threshold',
      iterations: [
        { iteration: 0, kind: 'draft', score: 0.8, best: 0.8 },
        { iteration: 1, kind: 'refine', score: 0.96, best: 0.96 },
      ],
      best: { score: 0.96, code: join(folder, 'results', jobId, 'best.svg') },
    });
  });

  it('exits with 3 below the threshold, and with 1 and the reason where the job failed', async () => {
    const below = aJob({ outcome: 'best_effort', stopReason: 'plateau' });
    expect((await run(['refine', image, '-l', 'svg'], routes(below))).code).toBe(3);
    await server!.close();
    server = undefined;
    const error = { code: 'model', message: 'The model cannot be reached: check its address.' };
    const failed = aJob({ status: 'failed', outcome: 'nothing_rendered', stopReason: 'error', error, best: null });
    const { code, stdout, stderr } = await run(['refine', image, '-l', 'svg', '--json'], routes(failed));
    expect(code).toBe(1);
    expect(JSON.parse(stdout).best).toBeNull();
    expect(stderr).toContain(error.message);
  });

  it('shows a refusal with its fields as options', async () => {
    const refuse = problem(422, 'model-unknown', 'The model is not known: see GET /v1/models.', [
      { pointer: '/model', detail: 'unknown' },
    ]);
    const { code, stdout, stderr } = await run(['refine', image, '-l', 'svg', '-m', 'nobody/x'], {
      ...routes(),
      'POST /v1/jobs': refuse,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('The model is not known: see GET /v1/models.\n  --model: unknown');
  });

  it('warns in one line when code runs without a sandbox', async () => {
    const reason = 'There is no sandbox: allow user namespaces.';
    const state = { available: true, renderer: 'svg 1', isolation: 'process', reason };
    const known = { id: 'svg', title: 'SVG', fenceNames: ['svg'], fileExtension: 'svg', highlighting: 'xml' };
    const language = { ...known, writtenByBuiltinModel: true, ...state };
    const { stderr } = await run(['refine', image, '-l', 'svg'], {
      ...routes(),
      'GET /v1/languages': json({ data: [language] }),
    });
    expect(stderr.split('\n')[0]).toBe(reason);
  });

  it('cancels the job at the first Ctrl-C and keeps the results', async () => {
    let endStream = (): void => {};
    const canceled = aJob({ status: 'canceled', outcome: 'best_effort', stopReason: 'user' });
    const handlers: Record<string, Handler> = {
      ...routes(canceled),
      [`GET /v1/jobs/${jobId}/events`]: (_request, response) => {
        response.writeHead(200).write(frame(events[0]!));
        endStream = () => void response.end(frame({ ...events[2]!, seq: 2 }) + done);
      },
      [`POST /v1/jobs/${jobId}/cancel`]: (request, response) => {
        void json(aJob({ status: 'canceling' }), 202)(request, response);
        endStream();
      },
    };
    server = await serveHttp(handlers);
    const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder }, (line, own) => {
      if (line.startsWith('iteration  0')) own.interrupt();
    });
    const { code, stdout } = await run(['refine', image, '-l', 'svg'], handlers, terminal);
    expect(code).toBe(3);
    expect(stdout).toContain('best.svg');
    expect(server.requests).toContain(`POST /v1/jobs/${jobId}/cancel`);
  });

  it('leaves at the second Ctrl-C', async () => {
    server = await serveHttp({
      ...routes(),
      [`GET /v1/jobs/${jobId}/events`]: (_request, response) => void response.writeHead(200).write(frame(events[0]!)),
    });
    const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder }, (line, own) => {
      if (line.startsWith('iteration  0')) {
        own.interrupt();
        own.interrupt();
      }
    });
    const { code, stdout, stderr } = await run(['refine', image, '-l', 'svg'], {}, terminal);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain(`pentimento watch ${jobId}`);
  });

  it('refuses a missing and an oversized image before any request', async () => {
    await writeFile(join(folder, 'big.png'), Buffer.alloc(20 * 1024 * 1024 + 1));
    const missing = await run(['refine', join(folder, 'no.png'), '-l', 'svg']);
    const big = await run(['refine', join(folder, 'big.png'), '-l', 'svg']);
    expect([missing.code, big.code]).toEqual([1, 1]);
    expect(missing.stderr).toContain('there is no such file');
    expect(big.stderr).toContain('may have 20 MB');
    expect(server!.requests).toEqual([]);
  });
});

describe('jobs', () => {
  it('lists jobs with their outcome, passes filters on and says how to see more', async () => {
    const { code, stdout, stderr } = await run(['list', '--status', 'succeeded', '--limit', '1']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(new RegExp(`^${jobId}  threshold met  0\\.9600  2/8 `));
    expect(stderr).toContain('--cursor next');
    expect(server!.requests).toEqual(['GET /v1/jobs?status=succeeded&limit=1']);
  });

  it('shows a job, in full as JSON', async () => {
    expect((await run(['get', jobId])).stdout).toMatch(/^best +0\.9600 at iteration 1, cand_[0-9a-f-]{36}$/m);
    expect(JSON.parse((await run(['get', jobId, '--json'])).stdout)).toEqual(aJob());
  });

  it('cancels, and says why it cannot retry', async () => {
    expect((await run(['cancel', jobId])).stdout).toMatch(/^state +canceling$/m);
    const retry = await run(['retry', jobId]);
    expect(retry).toEqual({ code: 1, stdout: '', stderr: 'The job has succeeded: submit it again.' });
  });

  it('prunes, or only shows what it would delete', async () => {
    const dry = await run(['prune', '--dry-run', '--keep', '2', '--days', '1.5']);
    expect(dry).toEqual({ code: 0, stdout: 'would delete 1 job, 2 blobs, 1.0 MB', stderr: '' });
    const { stdout } = await run(['prune', '--stray-files']);
    expect(stdout).toBe('deleted 1 job, 2 blobs, 1.0 MB\ndeleted 4 files, 0.0 MB that the database does not know');
    expect(server!.requests).toEqual([
      'GET /v1/storage?maxAgeDays=1.5&maxJobs=2&strayFiles=false',
      'POST /v1/storage/prune',
    ]);
  });

  it('deletes jobs, and reports each id that it cannot delete', async () => {
    expect(await run(['delete', jobId])).toEqual({ code: 0, stdout: jobId, stderr: '' });
    const some = await run(['delete', 'job_unknown', jobId, '--json']);
    expect(some).toEqual({
      code: 1,
      stdout: JSON.stringify({ deleted: [jobId] }),
      stderr: 'job_unknown: Not found: check the id.',
    });
    expect(server!.requests).toEqual([jobId, 'job_unknown', jobId].map((id) => `DELETE /v1/jobs/${id}`));
  });

  it('says that no server answers', async () => {
    const { code, stderr } = await run(['list', '--server', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(stderr).toContain('No server answers at http://127.0.0.1:1');
  });

  it('does not mistake another program for a server', async () => {
    const { code, stderr } = await run(['list'], {
      'GET /v1/jobs': (_request, response) => void response.end('<html>'),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('use a server and a client of the same version');
  });
});
