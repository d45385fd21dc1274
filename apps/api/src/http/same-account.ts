import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ProblemException } from './problem.exception.ts';
import { isLoopbackAddress, ownerOfSocket, SocketTable, socketTablePaths } from './socket-owner.ts';

/** The kernel lists its sockets in several steps, between which one may be missed. */
const attempts = 3;

/**
 * Refuses connections over the loopback address from processes of other accounts: such an address is shared by all accounts of a machine,
 * and there is no login. Connections from elsewhere are left to what stands before the server. Does nothing where the kernel does not tell
 * who owns a socket.
 */
export function sameAccount(accounts: readonly number[]): RequestHandler {
  const tables = socketTablePaths.map((path) => new SocketTable(path));
  const refusals = new WeakMap<Socket, Promise<ProblemException | undefined>>();
  const isKnown = socketTablePaths.some((path) => existsSync(path));

  async function refusalOf(socket: Socket): Promise<ProblemException | undefined> {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (remoteAddress !== undefined && !isLoopbackAddress(remoteAddress)) return undefined;
    const own = { address: remoteAddress ?? '', port: remotePort ?? 0 };
    const other = { address: localAddress ?? '', port: localPort ?? 0 };
    for (const table of Array<typeof tables>(attempts).fill(tables).flat()) {
      const owner = ownerOfSocket(await table.read(), own, other);
      if (owner !== undefined) return accounts.includes(owner) ? undefined : refusal();
    }
    return refusal();
  }

  return ({ socket }: Request, _response: Response, next: NextFunction): void => {
    if (!isKnown) return next();
    const decision = refusals.get(socket) ?? refusalOf(socket);
    refusals.set(socket, decision);
    decision.then(next, next);
  };
}

const refusal = (): ProblemException =>
  new ProblemException(
    'forbidden',
    'This server answers only to the account that started it; set PENTIMENTO_ALLOW_OTHER_ACCOUNTS=yes on the server to let all accounts of this machine use it.',
  );
