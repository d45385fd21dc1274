import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../settings/start-error.ts';

const portsToTry = 50;
/** Connections that may wait to be accepted, as when thousands of sessions begin at once; the system may allow fewer. */
const maxPendingConnections = 4096;
/**
 * Longer than clients and balancers keep a connection that is idle, a minute at most, so that they close it first: a request that meets the
 * server closing it is lost. Node's own 5 s are shorter than what lies between two steps of an environment.
 */
const keepAliveMs = 65_000;

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: maxPendingConnections }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

export interface Address {
  host: string;
  port: number;
  portIsFixed: boolean;
}

/** Listens on the port, or on the next free one unless the port is fixed. Returns the port. */
export async function listen(server: Server, { host, port, portIsFixed }: Address): Promise<number> {
  server.keepAliveTimeout = keepAliveMs;
  const last = portIsFixed ? port : Math.min(port + portsToTry, 65535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      await listenOn(server, host, candidate);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (!isTaken(error)) {
        throw new StartError(`The server cannot listen on ${host}: ${(error as Error).message}. Set PENTIMENTO_HOST.`, {
          cause: error,
        });
      }
    }
  }
  const ports = port === last ? `Port ${port} of ${host} is taken` : `Ports ${port} to ${last} of ${host} are taken`;
  throw new StartError(`${ports}. Set PENTIMENTO_PORT to a free port, or to 0 for any.`);
}

/** The address under which the server's own machine reaches it. */
export function localUrl(host: string, port: number): string {
  const anywhere = host === '0.0.0.0' || host === '::';
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Whether only this machine can reach the host. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
