import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const commit = 'c0ffee'.repeat(6) + 'c0de';

export interface HubServer {
  url: string;
  /** Host (`hub` or `cdn`), method, path, range and whether there was a token, of each request in order. */
  requests: string[];
  /** Breaks off the responses that `cutAfter` holds back. */
  cut(): void;
  close(): Promise<void>;
}

export interface HubProblems {
  /** Requires this token, else 401. */
  token?: string;
  /** The content host holds each response back after this number of bytes, until it is cut; 0: breaks it off at once. */
  cutAfter?: number;
  /** The content host ignores ranges. */
  wholeOnly?: boolean;
  /** Changes the bytes that are sent. */
  tamper?: (bytes: Buffer) => Buffer;
  /** The hub's status for everything. */
  status?: number;
}

/**
 * The hub's route `/OWNER/NAME/resolve/REVISION/FILE` over `files`. Large files redirect to another host and have a SHA-256, small
 * ones are served directly and have Git's hash.
 */
export async function serveHub(
  repository: string,
  files: Record<string, Buffer>,
  problems: HubProblems = {},
): Promise<HubServer> {
  const requests: string[] = [];
  const note = (request: IncomingMessage, host: string) => {
    const { method, url, headers } = request;
    requests.push([host, method, url, headers.range, headers.authorization && 'token'].filter(Boolean).join(' '));
  };
  const held = new Set<ServerResponse>();
  const content = await listen((request, response) => {
    note(request, 'cdn');
    const isHeld = sendContent(files[request.url!.slice(1)]!, request, response, problems);
    if (isHeld) held.add(response);
  });
  const hub = await listen((request, response) => {
    note(request, 'hub');
    if (problems.status) return void response.writeHead(problems.status).end();
    if (problems.token && request.headers.authorization !== `Bearer ${problems.token}`) {
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
    requests,
    cut() {
      for (const response of held) response.destroy();
      held.clear();
    },
    close: async () => void (await Promise.all([hub, content].map(stop))),
  };
}

/** Whether the response waits to be cut. */
function sendContent(
  whole: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  problems: HubProblems,
): boolean {
  const bytes = problems.tamper?.(whole) ?? whole;
  const from = problems.wholeOnly ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = bytes.subarray(from);
  const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, ...range });
  const { cutAfter = Number.POSITIVE_INFINITY } = problems;
  if (part.length <= cutAfter) response.end(part);
  else if (cutAfter === 0) response.destroy();
  else response.write(part.subarray(0, cutAfter));
  return part.length > cutAfter && cutAfter > 0;
}

async function listen(respond: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(respond).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
