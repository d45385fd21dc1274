import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostileTargets } from '@pentimento/render/languages';
import sharp from 'sharp';

/** Targets of hostile programs. A program that reaches any of them paints, or is painted, in magenta. */
export interface Canary extends HostileTargets {
  /** Connections and datagrams so far, over any of the three. */
  hits(): number;
  /** In the files, and in the environment variable PENTIMENTO_CANARY of this process and of one that is not its child. */
  secret: string;
  /** Paths that hostile programs have changed: files of the mark's name, and files of the folder that are changed or gone. */
  traces(): string[];
  close(): Promise<void>;
}

/** The id of this test run. A program that a test starts has the same, so that its traces can be found. */
export const canaryRun = (process.env['PENTIMENTO_CANARY_RUN'] ??= String(process.pid));
let count = 0;

export async function setCanary(): Promise<Canary> {
  const name = `${canaryRun}-${process.pid}-${++count}-${performance.now().toString(36).replace('.', '')}`;
  const secret = `canary-${name}`;
  const mark = `pentimento-mark-${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-canary-'));
  const files = await secretFiles(secret);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content, { mode: 0o666 });
  process.env['PENTIMENTO_CANARY'] = secret;

  const bystander = startBystander(secret);
  let hits = 0;
  const hit = (): void => void hits++;
  const servers = [createServer(), createServer()];
  for (const server of servers) {
    server.on('connection', (socket) => {
      hit();
      socket.on('error', () => {}).destroy();
    });
  }
  const [internet, abstract] = servers as [(typeof servers)[0], (typeof servers)[0]];
  internet.listen(0, '127.0.0.1');
  abstract.listen(`\0${secret}`);
  await Promise.all(servers.map((server) => server.listening || once(server, 'listening')));
  const { port } = internet.address() as AddressInfo;
  const datagrams = createSocket('udp4').on('message', hit).bind(port, '127.0.0.1');
  await once(datagrams, 'listening');

  return {
    port,
    socket: secret,
    hits: () => hits,
    folder,
    secret,
    mark,
    traces: () => [...changed(folder, files), ...left(mark)],
    async close() {
      rmSync(folder, { recursive: true, force: true });
      process.kill(bystander);
      datagrams.close();
      for (const server of servers) server.close();
      await Promise.all(servers.map((server) => once(server, 'close')));
    },
  };
}

/** The id of a process that has the secret in its environment and is not a child of this one. */
function startBystander(secret: string): number {
  const env = { ...process.env, PENTIMENTO_CANARY: secret };
  return Number(execFileSync('/bin/sh', ['-c', 'sleep 1800 >/dev/null 2>&1 & echo $!'], { env, encoding: 'utf8' }));
}

async function secretFiles(secret: string): Promise<Record<string, string | Buffer>> {
  return {
    'secret.txt': secret,
    'secret.tex': `\\errmessage{ESC\\empty APED ${secret}}`,
    'secret.js':
      "document.documentElement.style.background = 'magenta'; document.body && document.body.replaceChildren()",
    'secret.css': '* { background: magenta !important; fill: magenta !important }',
    'secret.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><rect id="r" width="99" height="99" fill="magenta"/></svg>`,
    'secret.png': await sharp({ create: { width: 99, height: 99, channels: 3, background: '#ff00ff' } })
      .png()
      .toBuffer(),
  };
}

function changed(folder: string, files: Record<string, string | Buffer>): string[] {
  const same = (name: string): boolean =>
    existsSync(join(folder, name)) && readFileSync(join(folder, name)).equals(Buffer.from(files[name]!));
  const names = new Set([...Object.keys(files), ...readdirSync(folder)]);
  return [...names].filter((name) => !(name in files && same(name))).map((name) => join(folder, name));
}

function left(mark: string): string[] {
  const places = [
    '/',
    '/tmp',
    '/var/tmp',
    '/dev/shm',
    '/run',
    '/usr/bin',
    '/usr/lib',
    '/etc',
    homedir(),
    process.cwd(),
  ];
  return places.map((place) => join(place, mark)).filter((path) => existsSync(path));
}

/** Whether any pixel is magenta, or nearly so. */
export async function isMagentaIn(png: Uint8Array): Promise<boolean> {
  const pixels = await sharp(png).removeAlpha().raw().toBuffer();
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i]! > 200 && pixels[i + 1]! < 60 && pixels[i + 2]! > 200) return true;
  }
  return false;
}
