import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, ownerOfSocket, SocketTable, socketTablePaths } from './socket-owner.ts';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, remote: string, user: number, inode: number): string =>
  `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${user}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
const client = { address: '127.0.0.1', port: 40000 };
const server = { address: '127.0.0.1', port: 7400 };

describe('ownerOfSocket', () => {
  it('is the user of the socket at that end, not at the other', () => {
    const tables = [
      header,
      row('0100007F:1CE8', '0100007F:9C40', 0, 11),
      row('0100007F:9C40', '0100007F:1CE8', 1001, 12),
    ].join('\n');
    expect(ownerOfSocket(tables, client, server)).toBe(1001);
    expect(ownerOfSocket(tables, server, client)).toBe(0);
  });

  it('tells ends with the same ports and other loopback addresses apart', () => {
    const tables = [row('0200007F:9C40', '0100007F:1CE8', 0, 11), row('0100007F:9C40', '0100007F:1CE8', 1001, 12)].join(
      '\n',
    );
    expect(ownerOfSocket(tables, client, server)).toBe(1001);
  });

  it('finds an IPv6 socket, and one that maps IPv4', () => {
    const mapped = row('0000000000000000FFFF00000100007F:9C40', '0000000000000000FFFF00000100007F:1CE8', 1001, 12);
    expect(ownerOfSocket(mapped, client, { ...server, address: '::ffff:127.0.0.1' })).toBe(1001);
    const own = row('00000000000000000000000001000000:9C40', '00000000000000000000000001000000:1CE8', 1002, 12);
    expect(ownerOfSocket(own, { ...client, address: '::1' }, { ...server, address: '::1' })).toBe(1002);
  });

  it('knows no owner of a socket that was closed, or that is not listed', () => {
    expect(ownerOfSocket(row('0100007F:9C40', '0100007F:1CE8', 0, 0), client, server)).toBeUndefined();
    expect(ownerOfSocket(header, client, server)).toBeUndefined();
  });

  it.each(['127.0.0.1', '127.0.0.9', '::1'])('is this process for its own connection to %s', async (address) => {
    const listener = createServer().listen(0, address);
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const socket = connect(port, address);
    await once(socket, 'connect');
    const own = { address: socket.localAddress!, port: socket.localPort! };
    const tables = await Promise.all(socketTablePaths.map((path) => new SocketTable(path).read()));
    expect(ownerOfSocket(tables.join('\n'), own, { address, port })).toBe(process.geteuid!());
    socket.destroy();
    listener.close();
  });
});

describe('isLoopbackAddress', () => {
  it('knows IPv4, IPv6 and mapped addresses', () => {
    expect(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1'].map(isLoopbackAddress)).toEqual([false, false, false]);
  });
});
