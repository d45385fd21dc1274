import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client as McpClient, type CallToolResult, type Progress } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@pentimento/client';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { bestCode, dataUrl, startChatApi, startedJob } from '../support/chat-completions.ts';
import { buildApi } from '../support/stack.ts';

const program = resolve(import.meta.dirname, '../../apps/cli/bin/pentimento.mjs');

let api: Api;
let folder: string;
let image: string;
beforeAll(async () => {
  api = await startChatApi();
  folder = await mkdtemp(join(tmpdir(), 'pentimento-mcp-'));
  image = join(folder, 'target.png');
  await writeFile(image, api.image);
});
afterAll(async () => {
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});

const open: McpClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

/** An agent's client of `pentimento mcp`, which it starts as a child. Rejects where anything but the protocol is on standard output. */
async function connect(
  variables: Record<string, string> = { PENTIMENTO_URL: api.stack.url },
  mode: 'legacy' | 'auto' = 'legacy',
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'mcp'],
    env: { PATH: process.env.PATH!, HOME: process.env.HOME!, PENTIMENTO_PORT: '0', ...variables },
    stderr: 'pipe',
  });
  const client = new McpClient({ name: 'agent', version: '1' }, { versionNegotiation: { mode } });
  const errors: Error[] = [];
  client.onerror = (error) => void errors.push(error);
  await client.connect(transport);
  open.push(client);
  return { client, errors, pid: transport.pid! };
}

/** Of the server that runs over a home. */
const serverPid = async (home: string): Promise<number> =>
  JSON.parse(await readFile(join(home, 'server.json'), 'utf8')).pid;

const textOf = ({ content }: CallToolResult) =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
const imageOf = ({ content }: CallToolResult) => {
  const part = content.find(({ type }) => type === 'image') as { data: string; mimeType: string } | undefined;
  return part && { type: part.mimeType, bytes: Buffer.from(part.data, 'base64') };
};

describe('pentimento mcp', () => {
  it('lists its tools with what they take', async () => {
    const { client } = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['refine', 'render', 'score', 'get']);
    const [refine] = tools;
    expect(refine!.inputSchema.required).toEqual(['image', 'language']);
    expect(Object.keys(refine!.inputSchema.properties!)).toEqual(
      expect.arrayContaining(['model', 'code', 'instructions', 'policy', 'budget', 'waitSeconds']),
    );
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
      'render',
      'score',
      'get',
    ]);
  });

  it.each([
    ['legacy', 'legacy'],
    ['auto', 'modern'],
  ] as const)(
    'refines an image of a file, reports each iteration, and returns code, score and render (%s)',
    async (mode, era) => {
      const { client, errors } = await connect(undefined, mode);
      expect(client.getProtocolEra()).toBe(era);
      const progress: Progress[] = [];
      const result = await client.callTool(
        {
          name: 'refine',
          arguments: { image, language: 'svg', model: 'scripted/draws', policy: { maxIterations: 5 } },
        },
        { onprogress: (news) => void progress.push(news) },
      );
      expect(result.isError).toBeFalsy();
      expect(textOf(result)).toMatch(
        /^Job job_\S+: succeeded, threshold met, best score 1\.0000 at iteration 1 after 2 iterations/,
      );
      expect(textOf(result)).toContain(`\`\`\`svg\n${bestCode}\n\`\`\``);
      expect(await sharp(imageOf(result)!.bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
      expect(progress.map(({ progress: done, total }) => [done, total])).toEqual(
        expect.arrayContaining([
          [0, 5],
          [1, 5],
          [2, 5],
        ]),
      );
      expect(progress.some(({ message }) => message?.includes('iteration  1'))).toBe(true);
      expect(errors).toEqual([]);
    },
  );

  it('returns before the end where it may not wait, and the tool get has the result', async () => {
    const { client } = await connect();
    const started = await client.callTool({
      name: 'refine',
      arguments: { image: dataUrl(api.image), language: 'svg', model: 'scripted/stops', waitSeconds: 0.001 },
    });
    const id = /job_[0-9a-f-]{36}/.exec(textOf(started))![0];
    expect(textOf(started)).toContain(`call the tool get with job "${id}"`);
    const server = new Client({ url: api.stack.url });
    for await (const event of server.tailEvents(id)) if (event.type === 'iteration.finished') break;
    const result = await client.callTool({ name: 'get', arguments: { job: id } });
    expect(textOf(result)).toContain(`Job ${id}: running, best score 0.`);
    expect(imageOf(result)).toMatchObject({ type: 'image/png' });
    await server.cancelJob(id);
  });

  it('cancels the job of a call that is canceled', async () => {
    const { client } = await connect();
    const hangUp = new AbortController();
    const call = client.callTool(
      { name: 'refine', arguments: { image, language: 'svg', model: 'scripted/hangs' } },
      { signal: hangUp.signal },
    );
    const id = await startedJob(api, 'scripted/hangs');
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await api.ended({ id });
    expect((await api.getJob({ id })).status).toBe('canceled');
  });

  it('cancels the job of a caller that leaves', async () => {
    const { client } = await connect();
    const call = client.callTool({ name: 'refine', arguments: { image, language: 'svg', model: 'scripted/hangs' } });
    const failed = expect(call).rejects.toThrow();
    const id = await startedJob(api, 'scripted/hangs');
    await client.close();
    await failed;
    await api.ended({ id });
    expect((await api.getJob({ id })).status).toBe('canceled');
  });

  it('renders code, and says why other code renders nothing', async () => {
    const { client } = await connect();
    const render = (code: string) =>
      client.callTool({ name: 'render', arguments: { language: 'svg', code, size: { width: 64, height: 48 } } });
    const result = await render(bestCode);
    expect(textOf(result)).toContain('64 x 48 pixels');
    expect(await sharp(imageOf(result)!.bytes).metadata()).toMatchObject({ width: 64, height: 48 });
    const failed = await render('<svg');
    expect(failed.isError).toBe(true);
    expect(textOf(failed)).toMatch(/^The code renders nothing \(\w+\): /);
  });

  it('scores code and images against a target', async () => {
    const { client } = await connect();
    const score = (item: object) => client.callTool({ name: 'score', arguments: { target: image, ...item } });
    expect(textOf(await score({ code: bestCode, language: 'svg' }))).toMatch(/1\.0000/);
    expect(textOf(await score({ image }))).toMatch(/1\.0000/);
  });

  it.each([
    [
      'refine',
      { image: '/nowhere/a.png', language: 'svg' },
      /The image \/nowhere\/a\.png cannot be read: there is no such file/,
    ],
    ['refine', { image: 'data:image/png;base64,AAAA', language: 'svg' }, /send a PNG, JPEG or WebP/],
    ['refine', { image: 'data:text/plain,AAAA', language: 'svg' }, /holds no image in base64/],
    ['refine', { language: 'svg' }, /image/],
    [
      'score',
      { target: dataUrl(Buffer.from('none')), code: bestCode, language: 'svg' },
      /There is no score \(invalid\)/,
    ],
    ['score', { target: dataUrl(Buffer.from('none')) }, /Give code or image/],
    ['get', { job: 'job_01900000-0000-7000-8000-000000000000' }, /There is no such job/],
    ['get', { job: 'other' }, /A job id is "job_" and a UUID/],
  ])('answers a wrong call of %s with what to do: %#', async (name, values, message) => {
    const { client } = await connect();
    const result = await client.callTool({ name, arguments: values });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(message);
  });

  it('names the models and languages that there are', async () => {
    const { client } = await connect();
    const refine = (more: object) =>
      client.callTool({ name: 'refine', arguments: { image, language: 'svg', ...more } });
    expect(textOf(await refine({ model: 'nobody/knows' }))).toMatch(/There is no model "nobody\/knows"/);
    expect(textOf(await refine({ language: 'cobol' }))).toMatch(/name one of html, latex, mermaid/);
    expect(textOf(await refine({ policy: { profile: 'beauty' } }))).toMatch(/choose one of overall/);
  });

  it('starts a server where none runs, refines with the built-in model, and stops both when the caller leaves', async () => {
    await buildApi();
    const home = join(folder, 'home');
    const { client, errors, pid } = await connect({ PENTIMENTO_HOME: home });
    const result = await client.callTool(
      { name: 'refine', arguments: { image, language: 'svg', policy: { maxIterations: 2 } } },
      { timeout: 60_000 },
    );
    expect(result.isError).toBeFalsy();
    expect(textOf(result)).toContain('```svg\n<svg');
    expect(imageOf(result)?.bytes.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    const pids = [pid, await serverPid(home)];
    await client.close();
    await expect.poll(() => pids.filter((each) => existsSync(`/proc/${each}`)), { timeout: 40_000 }).toEqual([]);
  });

  it('starts another server where its own has died', async () => {
    const home = join(folder, 'second');
    const { client } = await connect({ PENTIMENTO_HOME: home });
    const render = () => client.callTool({ name: 'render', arguments: { language: 'svg', code: bestCode } });
    expect((await render()).isError).toBeFalsy();
    const first = await serverPid(home);
    process.kill(first, 'SIGKILL');
    let result = await render();
    // The call that meets the dead server says to call again.
    if (result.isError) {
      expect(textOf(result)).toMatch(/Call the tool again|server exited/);
      result = await render();
    }
    expect(result.isError).toBeFalsy();
    expect(await serverPid(home)).not.toBe(first);
  });

  it('answers each call with the remedy where no server can be reached', async () => {
    const { client } = await connect({ PENTIMENTO_URL: 'http://127.0.0.1:9' });
    const result = await client.callTool({ name: 'render', arguments: { language: 'svg', code: bestCode } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/The server at http:\/\/127\.0\.0\.1:9 does not answer/);
  });
});
