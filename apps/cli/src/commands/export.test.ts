import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLinks, exportOptionsSchema, type Export } from '@pentimento/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../program.ts';
import { json, problem, serveHttp, type Handler, type HttpServer } from '../testing/http.ts';
import { testTerminal, type TestTerminal } from '../testing/terminal.ts';

const id = 'export_01920000-0000-7000-8000-000000000001';
const otherId = 'export_01920000-0000-7000-8000-000000000002';
const at = '2026-11-30T10:00:00.000Z';
const contents: Record<string, string> = {
  'images/a b.png': 'image bytes',
  'manifest.json': '{"format":"jsonl"}\n',
  'train.jsonl': '{"row":1}\n'.repeat(1000),
};
const rows = { train: 12, validation: 0, test: 3 };
const drops = { no_call: 1, missing_blob: 2 };

function anExport(changes: Partial<Export> = {}): Export {
  const options = exportOptionsSchema.parse({});
  return {
    id,
    name: 'charts',
    format: 'jsonl',
    filter: {},
    options,
    status: 'succeeded',
    progress: { traces: 5, total: 5, rows: 15, bytes: 10_030 },
    error: null,
    manifest: {
      ...{ manifestVersion: 1, format: 'jsonl', traceVersion: 1, codeVersion: '0', filter: {}, options },
      ...{ traces: 5, units: 18, rows, drops, rewardVersions: [] },
    },
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    links: exportLinks(id),
    ...changes,
  };
}
const unfinished = (status: Export['status'], traces = 0): Export =>
  anExport({ status, manifest: null, finishedAt: null, progress: { traces, total: 5, rows: 0, bytes: 0 } });

const listed = Object.entries(contents).map(([path, content]) => ({
  path,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
}));

let folder: string;
let out: string;
let server: HttpServer | undefined;
/** The files that were asked for, each with the first byte that was. */
let asked: [path: string, start: number][];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-export-'));
  out = join(folder, 'out');
  asked = [];
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** Sends a file from the byte that is asked for. */
const sendFile =
  (
    path: string,
    send: (response: ServerResponse, rest: string) => void | Promise<void> = (response, rest) =>
      void response.end(rest),
  ): Handler =>
  (request: IncomingMessage, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    asked.push([path, start]);
    response.writeHead(start > 0 ? 206 : 200);
    return send(response, contents[path]!.slice(start));
  };
const fileRoute = (path: string) => `GET /v1/exports/${id}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The export as each poll finds it in turn, the last one from then on. */
function routes(...polls: Export[]): Record<string, Handler> {
  const found = polls.length > 0 ? polls : [anExport()];
  let poll = 0;
  return {
    'POST /v1/exports': json(unfinished('queued'), 202),
    [`GET /v1/exports/${id}`]: (request, response) =>
      json(found[Math.min(poll++, found.length - 1)])(request, response),
    [`GET /v1/exports/${id}/files`]: (request, response) => {
      // Two pages.
      const rest = request.url!.includes('cursor=');
      const page = rest
        ? { data: listed.slice(2), nextCursor: null }
        : { data: listed.slice(0, 2), nextCursor: 'manifest.json' };
      return json(page)(request, response);
    },
    ...Object.fromEntries(Object.keys(contents).map((path) => [fileRoute(path), sendFile(path)])),
  };
}

async function run(args: string[], handlers: Record<string, Handler> = routes(), terminal?: TestTerminal) {
  server ??= await serveHttp(handlers);
  const used = terminal ?? testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder });
  const code = await runCommandLine(['export', ...args], used);
  return { code, stdout: used.stdout.join('\n'), stderr: used.stderr.join('\n') };
}
const create = (...more: string[]) => ['--format', 'jsonl', '--out', out, ...more];
const fetchAgain = (...more: string[]) => ['--id', id, '--out', out, ...more];
const onDisk = async () =>
  Object.fromEntries(
    await Promise.all(
      Object.keys(contents).map(async (path) => [path, await readFile(join(out, path), 'utf8').catch(() => null)]),
    ),
  );

describe('usage', () => {
  it.each([
    [[], /--out/],
    [['--out', 'x'], /--format.*--list-formats.*--id/],
    [['--format', 'jsonl'], /--out/],
    [['--format', 'JSONL', '--out', 'x'], /^--format: /],
    [['--format', 'jsonl', '--out', 'x', '--min-score', 'good'], /number/],
    [['--format', 'jsonl', '--out', 'x', '--min-score', '3'], /^--min-score: /],
    [['--format', 'jsonl', '--out', 'x', '--outcome', 'best_effort,great'], /^--outcome: /],
    [['--format', 'jsonl', '--out', 'x', '--created-after', 'soon'], /^--created-after: /],
    [
      ['--format', 'jsonl', '--out', 'x', '--test-share', '0.6', '--validation-share', '0.6'],
      /^--validation-share, --test-share: /,
    ],
    [['--id', id, '--out', 'x', '--min-score', '0.5'], /leave out --id/],
  ])('refuses %j with 2 and a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await run(args as string[]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence as RegExp);
    expect(server!.requests).toEqual([]);
  });
});

describe('an export', () => {
  it('is created with the filters and options of the command line', async () => {
    let body: unknown;
    const post: Handler = async (request, response) => {
      body = JSON.parse((await request.toArray()).join(''));
      await json(anExport(), 202)(request, response);
    };
    const filters = [
      ...['--language', 'svg,html', '--model', 'a/b', '--outcome', 'threshold_met', '--min-score', '0.5'],
      ...['--max-score', '0.9', '--min-gain', '-0.1', '--capture', 'token_exact', '--policy-version', 'step 1,step 2'],
      ...[
        '--tag',
        'a',
        '--verdict',
        'accept',
        '--created-after',
        '2026-11-01',
        '--created-before',
        '2026-11-30T12:00+02:00',
      ],
    ];
    const options = [
      '--test-share',
      '0.1',
      '--improved-only',
      '--margin',
      '0.2',
      '--threshold',
      '0.8',
      '--license',
      'CC0',
    ];
    await run(create('--name', 'v1', ...filters, ...options), { ...routes(), 'POST /v1/exports': post });
    expect(body).toEqual({
      name: 'v1',
      format: 'jsonl',
      filter: {
        languages: ['svg', 'html'],
        models: ['a/b'],
        outcomes: ['threshold_met'],
        ...{ minScore: 0.5, maxScore: 0.9, minGain: -0.1, captureLevel: 'token_exact', verdict: 'accept', tags: ['a'] },
        policyVersions: ['step 1', 'step 2'],
        createdAfter: '2026-11-01T00:00:00.000Z',
        createdBefore: '2026-11-30T10:00:00.000Z',
      },
      options: {
        splits: { validation: 0, test: 0.1 },
        ...{ improvedOnly: true, margin: 0.2, threshold: 0.8, license: 'CC0' },
      },
    });
  });

  it('is followed and downloaded, and ends with a summary', async () => {
    const { code, stdout, stderr } = await run(create(), routes(unfinished('running', 2), anExport()));
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      `export ${id}`,
      'exporting    2/5 trajectories  0 rows  0.0 MB',
      expect.stringMatching(/^downloading {2}0\.0 MB of 0\.0 MB {2}1 files$/),
    ]);
    expect(stdout.split('\n')).toEqual([
      `export        ${id}`,
      'name          charts',
      'trajectories  5',
      'rows          train 12, validation 0, test 3',
      'dropped       missing_blob 2, no_call 1 (drops.jsonl says why)',
      'files         3 files, 0.0 MB, 3 of them new',
      `folder        ${out}`,
    ]);
    expect(await onDisk()).toEqual(contents);
    expect((await readdir(out)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('prints one JSON object', async () => {
    const { stdout } = await run(create('--json'));
    const bytes = listed.reduce((sum, file) => sum + file.bytes, 0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ id, name: 'charts', format: 'jsonl', folder: out, traces: 5, rows, drops, files: 3, bytes, fetched: 3 },
    });
  });

  it('that fails says why, with 1 and an empty folder', async () => {
    const message = 'The disk is full: free some space, then retry the export.';
    const failed = { ...unfinished('failed'), error: { code: 'export-failed', message } };
    const { code, stdout, stderr } = await run(create(), routes(failed));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(out)).toBe(false);
  });

  it('is canceled by Ctrl-C, with 130', async () => {
    const polls = [unfinished('running', 1), unfinished('canceling', 1), unfinished('canceled', 1)];
    const handlers = routes(...polls);
    let canceled = 0;
    handlers[`POST /v1/exports/${id}/cancel`] = (request, response) => {
      canceled += 1;
      return json(unfinished('canceling'), 202)(request, response);
    };
    server = await serveHttp(handlers);
    const onProgress = (line: string, terminal: TestTerminal) => {
      if (line.startsWith('exporting')) terminal.interrupt();
    };
    const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder }, onProgress);
    expect(await run(create(), handlers, terminal)).toMatchObject({ code: 130, stdout: '' });
    expect(canceled).toBe(1);
  });

  it('is refused where the server refuses it, with the option', async () => {
    const errors = [{ pointer: '/format', detail: 'There is no export format "jsonl": choose one of a, b.' }];
    const post = problem(422, 'format-unknown', errors[0]!.detail, errors);
    const { code, stderr } = await run(create(), { ...routes(), 'POST /v1/exports': post });
    expect([code, stderr]).toEqual([1, `${errors[0]!.detail}\n  --format: ${errors[0]!.detail}`]);
  });
});

describe('a download', () => {
  it('keeps what is whole, continues what is there in part, and fetches again what was changed', async () => {
    await run(create());
    asked = [];
    await writeFile(join(out, 'manifest.json'), '{"format":"other"}\n');
    await rm(join(out, 'train.jsonl'));
    await writeFile(join(out, 'train.jsonl.partial'), contents['train.jsonl']!.slice(0, 4000));
    const { code, stdout } = await run(fetchAgain('--json'));
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { files: 3, fetched: 2 }]);
    expect(asked.toSorted()).toEqual([
      ['manifest.json', 0],
      ['train.jsonl', 4000],
    ]);
    expect(await onDisk()).toEqual(contents);
  });

  it('continues by itself where the connection breaks', async () => {
    const partial = join(out, 'train.jsonl.partial');
    let breaks = 0;
    const broken = sendFile('train.jsonl', async (response, rest) => {
      breaks += 1;
      if (breaks > 2) return void response.end(rest);
      response.write(rest.slice(0, 3000));
      await vi.waitUntil(() => existsSync(partial) && statSync(partial).size === breaks * 3000, 20_000);
      response.destroy();
    });
    const { code, stderr } = await run(create(), { ...routes(), [fileRoute('train.jsonl')]: broken });
    expect(code).toBe(0);
    expect(stderr).toContain('the connection was lost; trying again');
    const starts = asked.filter(([path]) => path === 'train.jsonl').map(([, start]) => start);
    expect(starts).toEqual([0, 3000, 6000]);
    expect(await onDisk()).toEqual(contents);
  });

  it('starts a file over whose part was of another one, or longer than all of it', async () => {
    await mkdir(join(out, 'images'), { recursive: true });
    await writeFile(join(out, '.pentimento-export.json'), JSON.stringify({ id }));
    await writeFile(join(out, 'train.jsonl.partial'), 'of another export');
    await writeFile(join(out, 'images/a b.png.partial'), 'x'.repeat(100));
    const { code } = await run(fetchAgain());
    expect(code).toBe(0);
    expect(asked).toEqual(
      expect.arrayContaining([
        ['train.jsonl', 17],
        ['train.jsonl', 0],
        ['images/a b.png', 0],
      ]),
    );
    expect(await onDisk()).toEqual(contents);
  });

  it('fails where the content is not what the server lists, and leaves no such file', async () => {
    const wrong = sendFile('manifest.json', (response) => void response.end('something else'));
    const { code, stdout, stderr } = await run(create(), { ...routes(), [fileRoute('manifest.json')]: wrong });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('manifest.json did not arrive as the server lists it: try again');
    expect(await onDisk()).toMatchObject({ 'manifest.json': null });
    expect(existsSync(join(out, 'manifest.json.partial'))).toBe(false);
  });

  it('stops at Ctrl-C, says how to go on, and goes on', async () => {
    const handlers = routes();
    const hangs = sendFile('train.jsonl', (response, rest) => void response.write(rest.slice(0, 500)));
    server = await serveHttp({ ...handlers, [fileRoute('train.jsonl')]: hangs });
    const onProgress = (line: string, terminal: TestTerminal) => {
      if (line.startsWith('downloading')) terminal.interrupt();
    };
    const terminal = testTerminal({ PENTIMENTO_URL: server.url, PENTIMENTO_HOME: folder }, onProgress);
    const { code, stderr } = await run(fetchAgain(), handlers, terminal);
    expect(code).toBe(130);
    expect(stderr).toContain(`"pentimento export --id ${id} --out ${out}" continues it.`);
    expect(await onDisk()).toMatchObject({ 'train.jsonl': null });
    await server.close();
    server = undefined;
    expect((await run(fetchAgain(), routes())).code).toBe(0);
    expect(await onDisk()).toEqual(contents);
  });

  it.each(['../out.json', '/etc/x', 'a/../../x', 'a\\..\\x', ''])('refuses the path %j of a server', async (path) => {
    const page = json({ data: [{ ...listed[0]!, path }], nextCursor: null });
    const { code, stderr } = await run(create(), { ...routes(), [`GET /v1/exports/${id}/files`]: page });
    expect(code).toBe(1);
    expect(stderr).toContain('outside');
    expect(await readdir(folder)).toEqual(['out']);
    expect(await readdir(out)).toEqual(['.pentimento-export.json']);
  });

  it('needs a folder of its own, and says what to do with another', async () => {
    await mkdir(out);
    await writeFile(join(out, 'notes.txt'), 'mine');
    const other = await run(create());
    expect(other).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${out} holds other files: name an empty or a new folder with --out.`,
    });
    await writeFile(join(out, '.pentimento-export.json'), JSON.stringify({ id: otherId }));
    for (const args of [create(), fetchAgain()]) {
      const { code, stderr } = await run(args);
      expect([code, stderr]).toEqual([
        1,
        `${out} holds the export ${otherId}: continue that one with --id ${otherId}, or name another folder with --out.`,
      ]);
    }
    expect(server!.requests).toEqual([]);
  });
});

it('lists the formats', async () => {
  const format = { id: 'jsonl', title: 'Canonical traces', description: 'All of it.', unit: 'trajectory' };
  const handlers = { 'GET /v1/exports/formats': json({ data: [format] }) };
  expect((await run(['--list-formats'], handlers)).stdout).toBe(
    'FORMAT  ROW         WHAT FOR\njsonl   trajectory  All of it.',
  );
  expect(JSON.parse((await run(['--list-formats', '--json'], handlers)).stdout)).toEqual([format]);
});
