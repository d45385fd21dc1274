import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobEvent } from '@pentimento/contracts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpServer {
  url: string;
  /** Method and path of the requests, in order. */
  requests: string[];
  close(): Promise<void>;
}

/** A server on loopback that answers by `METHOD /path`; other requests get a problem, as from the API. */
export async function serveHttp(routes: Record<string, Handler>): Promise<HttpServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url!.split('?')[0]}`;
    requests.push(`${request.method} ${request.url}`);
    void (routes[route] ?? problem(404, 'not-found', 'Not found: check the id.'))(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (body: unknown, status = 200): Handler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const problem =
  (status: number, code: string, detail: string, errors?: { pointer: string; detail: string }[]): Handler =>
  (_request, response) => {
    const body = { type: `about:${code}`, title: code, status, code, detail, errors };
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
  };

export const frame = (event: JobEvent): string =>
  `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
export const done = 'event: done\ndata: {}\n\n';

export const stream =
  (...frames: string[]): Handler =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames.join(''));
