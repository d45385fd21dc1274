import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const commit = 'c0ffee'.repeat(6) + 'c0de';

export interface HubServer {
  url: string;
  /** Method, path, range and whether a token came, of each request in order; those of the content host marked `cdn`. */
  asked: string[];
  /** Breaks the answers off that `cutAfter` holds back. */
  cut(): void;
  close(): Promise<void>;
}

export interface HubFaults {
  /** Wants this token, else 401. */
  token?: string;
  /** The content host holds each answer back after so many bytes, until it is cut; 0: breaks it off at once. */
  cutAfter?: number;
  /** The content host ignores ranges. */
  wholeOnly?: boolean;
  /** Bytes that are sent in place of the true ones. */
  tamper?: (bytes: Buffer) => Buffer;
  /** Answers with this status. */
  status?: number;
}

/**
 * The hub's few routes over `files`: `/OWNER/NAME/resolve/REVISION/FILE`. Large files are redirected to a host of their own and named by
 * SHA-256, small ones are answered at once and named by Git's hash.
 */
export async function serveHub(
  repository: string,
  files: Record<string, Buffer>,
  faults: HubFaults = {},
): Promise<HubServer> {
  const asked: string[] = [];
  const note = (request: IncomingMessage, host: string) => {
    const { method, url, headers } = request;
    asked.push([host, method, url, headers.range, headers.authorization && 'token'].filter(Boolean).join(' '));
  };
  const held = new Set<ServerResponse>();
  const content = await listen((request, response) => {
    note(request, 'cdn');
    const isHeld = sendContent(files[request.url!.slice(1)]!, request, response, faults);
    if (isHeld) held.add(response);
  });
  const hub = await listen((request, response) => {
    note(request, 'hub');
    if (faults.status) return void response.writeHead(faults.status).end();
    if (faults.token && request.headers.authorization !== `Bearer ${faults.token}`) {
      return void response.writeHead(401).end();
    }
    const [, revision, name] = new RegExp(`^/${repository}/resolve/([^/]+)/(.+)$`).exec(request.url!) ?? [];
    const bytes = ['main', commit].includes(revision ?? '') ? files[name!] : undefined;
    if (!bytes) return void response.writeHead(404).end();
    if (name!.endsWith('.safetensors')) {
      return void response
        .writeHead(302, {
          location: `${addressOf(content)}/${name}`,
          'x-repo-commit': commit,
          'x-linked-etag': `"${createHash('sha256').update(bytes).digest('hex')}"`,
          'x-linked-size': bytes.length,
        })
        .end();
    }
    const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    response.writeHead(200, { 'x-repo-commit': commit, etag: `"${blob}"`, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  return {
    url: addressOf(hub),
    asked,
    cut() {
      for (const response of held) response.destroy();
      held.clear();
    },
    close: async () => void (await Promise.all([hub, content].map(stop))),
  };
}

/** Whether the answer waits to be cut. */
function sendContent(whole: Buffer, request: IncomingMessage, response: ServerResponse, faults: HubFaults): boolean {
  const bytes = faults.tamper?.(whole) ?? whole;
  const from = faults.wholeOnly ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = bytes.subarray(from);
  const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, ...range });
  const { cutAfter = Number.POSITIVE_INFINITY } = faults;
  if (part.length <= cutAfter) response.end(part);
  else if (cutAfter === 0) response.destroy();
  else response.write(part.subarray(0, cutAfter));
  return part.length > cutAfter && cutAfter > 0;
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
