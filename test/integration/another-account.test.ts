import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants } from '../hostile/processes.ts';
import { startApi, type Api } from '../support/api.ts';

/** An account of this machine without a name: only root can take it. */
const other = 65533;
const isRoot = process.geteuid?.() === 0;

/** What a command of the other account prints and how it ends. The arguments of a script in bash are its own, as $1 and so on. */
async function asOther(script: string, ...args: string[]) {
  const child = spawn(
    'setpriv',
    [`--reuid=${other}`, `--regid=${other}`, '--clear-groups', 'bash', '--norc', '-c', script, 'bash', ...args],
    { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: code as number };
}

/** Sends a request over /dev/tcp and prints the response. */
const request = 'exec 3<>/dev/tcp/127.0.0.1/$1; printf "$2" >&3; cat <&3';
const requestText = (method: string, path: string, port: string): string =>
  `${method} ${path} HTTP/1.1\\r\\nHost: 127.0.0.1:${port}\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n`;

/** The TCP ports of this network namespace at which processes listen. */
async function portsOf(pids: readonly number[]): Promise<number[]> {
  const own = new Set(pids.flatMap(socketsOf));
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8')));
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const listening = rows.filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode!));
  return [...new Set(listening.map(([, address]) => Number.parseInt(address!.split(':')[1]!, 16)))];
}

/** The inodes of the sockets that a process has open; none of one that has ended. */
function socketsOf(pid: number): string[] {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`));
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  } catch {
    return [];
  }
}

/** Where a link leads; empty where it is gone. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe.runIf(isRoot)('another account of the machine (tried as root, which can take one)', () => {
  let api: Api;
  let port: string;
  let jobId: string;

  beforeAll(async () => {
    api = await startApi();
    // So that each part must be closed by itself.
    await chmod(api.stack.home, 0o755);
    port = new URL(api.stack.url).port;
    const job = await api.submit({ model: 'builtin/vectorizer', 'policy.maxIterations': '2' });
    await api.ended(job);
    jobId = job.id;
  });
  afterAll(() => api?.stop());

  it('can run a program, so that what it is refused is refused to the account', async () => {
    expect(await asOther('id -u; cat "$1"', '/etc/hostname')).toMatchObject({
      stdout: expect.stringMatching(/^65533\n./),
      code: 0,
    });
  });

  it('can read nothing of what is kept', async () => {
    const { stdout } = await asOther('find "$1" -mindepth 1 -type f -readable 2>/dev/null', api.stack.home);
    // The stack's own script of the model is the test's, not the server's.
    expect(stdout.split('\n').filter((path) => path && !path.endsWith('/script.json'))).toEqual([]);
    const { stdout: folders } = await asOther('find "$1" -mindepth 1 -type d -readable 2>/dev/null', api.stack.home);
    expect(folders).toBe('');
    expect((await readdir(join(api.stack.home, 'blobs'))).length).toBeGreaterThan(2);
  });

  it('can delete and write nothing of it', async () => {
    const before = await stat(join(api.stack.home, 'server.json'));
    const { stdout } = await asOther(
      'rm -rf "$1"/* 2>/dev/null; for f in "$1" "$1"/*; do touch "$f/mark" 2>/dev/null && echo "$f"; done',
      api.stack.home,
    );
    expect(stdout).toBe('');
    expect((await stat(join(api.stack.home, 'server.json'))).ino).toBe(before.ino);
  });

  it('can connect to the database neither by its socket nor by TCP', async () => {
    const { databaseUrl } = JSON.parse(await readFile(join(api.stack.home, 'server.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const sockets = new URL(databaseUrl).searchParams.get('host')!;
    expect((await asOther('test -S "$1/.s.PGSQL.5432"', sockets)).code).toBe(1);
    expect((await stat(join(sockets, '.s.PGSQL.5432'))).isSocket()).toBe(true);
    expect((await asOther('exec 3<>/dev/tcp/127.0.0.1/5432 && head -c0 <&3')).stdout).toBe('');
  });

  it('finds no other port to connect to: browsers and Python are spoken to through pipes', async () => {
    await api.sendJson('/v1/renders', { language: 'html', code: '<p>x', size: { width: 40, height: 40 } });
    expect(await portsOf(descendants())).toEqual([Number(port)]);
  });

  it.each([
    ['GET', '/healthz'],
    ['GET', '/v1/jobs'],
    ['GET', '/'],
    ['GET', '/docs'],
    ['DELETE', '/v1/jobs/JOB'],
    ['POST', '/v1/jobs/JOB/cancel'],
  ])('is refused %s %s in a sentence with the remedy', async (method, path) => {
    const { stdout } = await asOther(request, port, requestText(method, path.replace('JOB', jobId), port));
    expect(stdout).toMatch(/^HTTP\/1\.1 403 /);
    expect(stdout).toContain('application/problem+json');
    expect(stdout).toContain('PENTIMENTO_ALLOW_OTHER_ACCOUNTS=yes');
    expect(stdout).not.toContain('builtin/vectorizer');
    expect((await api.getJob({ id: jobId })).status).toBe('succeeded');
  });

  it('changes nothing by a request whose connection it closes at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      await asOther(
        'exec 3<>/dev/tcp/127.0.0.1/$1; printf "$2" >&3',
        port,
        requestText('DELETE', `/v1/jobs/${jobId}`, port),
      );
    }
    expect((await api.getJob({ id: jobId })).status).toBe('succeeded');
  });

  it('can prepare no folder whose removal deletes files elsewhere', async () => {
    const temporary = join(api.stack.home, 'shared');
    await mkdir(temporary);
    await chmod(temporary, 0o1777);
    const precious = join(api.stack.home, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'kept');
    await asOther(
      'mkdir -m 700 "$1/pentimento-latex-4194303-x" && ln -s "$2" "$1/pentimento-latex-4194303-x/link"',
      temporary,
      precious,
    );
    await asOther('ln -s "$2" "$1/pentimento-latex-4194302-x"', temporary, precious);
    await api.stack.server.stop();
    await api.stack.restart({ TMPDIR: temporary });
    const response = await api.sendJson('/v1/renders', {
      language: 'latex',
      code: '\\documentclass{standalone}\\begin{document}x\\end{document}',
      size: { width: 40, height: 40 },
    });
    expect(response.status).toBe(200);
    expect(await readdir(precious)).toEqual(['file']);
    const names = await readdir(temporary);
    expect(names).toContain('pentimento-latex-4194303-x');
    expect(names).toContain('pentimento-latex-4194302-x');
  });

  it('is answered where the setting allows it', async () => {
    await api.stack.server.stop();
    const { url } = await api.stack.restart({ PENTIMENTO_ALLOW_OTHER_ACCOUNTS: 'yes' });
    const { port: newPort } = new URL(url);
    expect((await asOther(request, newPort, requestText('GET', '/healthz', newPort))).stdout).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });
});
