import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** What hostile programs try to reach. A program that gets at anything paints, or is painted, in magenta. */
export interface Canary {
  /** TCP on 127.0.0.1, and UDP on the same port. */
  port: number;
  /** Connections and datagrams so far. */
  hits(): number;
  /** A folder readable by everybody, with secret.txt, secret.js, secret.css, secret.svg and secret.png (all magenta). */
  folder: string;
  /** Stands in the files and in the environment variable PENTIMENTO_CANARY of this process. */
  secret: string;
  close(): Promise<void>;
}

export async function setCanary(): Promise<Canary> {
  const secret = `canary-${process.pid}-${performance.now().toString(36).replace('.', '')}`;
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-canary-'));
  const files = {
    'secret.txt': secret,
    'secret.js':
      "document.documentElement.style.background = 'magenta'; document.body && document.body.replaceChildren()",
    'secret.css': '* { background: magenta !important; fill: magenta !important }',
    'secret.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><rect id="r" width="99" height="99" fill="magenta"/></svg>`,
    'secret.png': await sharp({ create: { width: 99, height: 99, channels: 3, background: '#ff00ff' } })
      .png()
      .toBuffer(),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o644 });
  process.env['PENTIMENTO_CANARY'] = secret;

  let hits = 0;
  const count = (): void => void hits++;
  const server = createServer((socket) => {
    count();
    socket.on('error', () => {}).destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4').on('message', count).bind(port, '127.0.0.1');
  await once(datagrams, 'listening');

  return {
    port,
    hits: () => hits,
    folder,
    secret,
    async close() {
      delete process.env['PENTIMENTO_CANARY'];
      rmSync(folder, { recursive: true });
      datagrams.close();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether any pixel is magenta, or nearly so. */
export async function isMagentaIn(png: Uint8Array): Promise<boolean> {
  const pixels = await sharp(png).removeAlpha().raw().toBuffer();
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i]! > 200 && pixels[i + 1]! < 60 && pixels[i + 2]! > 200) return true;
  }
  return false;
}

/** Ids of the living processes below this one, or below `root`. */
export function descendants(root = process.pid): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
  } catch {
    return undefined;
  }
}
