import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, localUrl } from './listen.ts';

const host = '127.0.0.1';
const servers: ReturnType<typeof createServer>[] = [];
const server = () => {
  const made = createServer();
  servers.push(made);
  return made;
};
async function takenPort(): Promise<number> {
  const other = server().listen(0, host);
  await once(other, 'listening');
  return (other.address() as AddressInfo).port;
}
afterEach(() => {
  for (const each of servers.splice(0)) each.close();
});

describe('listen', () => {
  it('uses the next free port unless the port is fixed', async () => {
    const port = await takenPort();
    expect(await listen(server(), { host, port, portIsFixed: false })).toBeGreaterThan(port);
  });

  it('refuses another port than the fixed one, and says what to set', async () => {
    const port = await takenPort();
    await expect(listen(server(), { host, port, portIsFixed: true })).rejects.toThrow(/is taken\. Set PENTIMENTO_PORT/);
  });

  it('says what to set where the host is not an address of this machine', async () => {
    const listening = listen(server(), { host: '203.0.113.1', port: 0, portIsFixed: true });
    await expect(listening).rejects.toThrow(/Set PENTIMENTO_HOST/);
  });
});

it('keeps an idle connection for longer than clients do', async () => {
  const kept = server().on('request', (_request, response) => response.end());
  const port = await listen(kept, { host, port: 0, portIsFixed: true });
  const response = await fetch(`http://${host}:${port}/`);
  expect(response.headers.get('keep-alive')).toBe('timeout=65');
});

describe('localUrl', () => {
  it('returns an address that this machine can reach', () => {
    expect(localUrl('127.0.0.1', 7400)).toBe('http://127.0.0.1:7400');
    expect(localUrl('0.0.0.0', 7400)).toBe('http://127.0.0.1:7400');
    expect(localUrl('::1', 7400)).toBe('http://[::1]:7400');
  });
});
