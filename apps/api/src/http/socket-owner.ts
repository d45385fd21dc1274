import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { isLoopback } from '../runtime/listen.ts';

/** One end of a TCP connection. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The kernel's TCP sockets of this network namespace, in the form of proc_pid_net(5): of IPv4, which most are, and of IPv6. */
export const socketTablePaths = ['/proc/net/tcp', '/proc/net/tcp6'];

/** A table of sockets. Reading one takes milliseconds, so all that ask during one reading share the next, which begins after they asked. */
export class SocketTable {
  readonly #path: string;
  #current: Promise<unknown> = Promise.resolve();
  #next: Promise<string> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(): Promise<string> {
    return (this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      const reading = readFile(this.#path, 'latin1').catch(() => '');
      this.#current = reading;
      return reading;
    }));
  }
}

/**
 * The user id of the process that holds the end `own` of the connection to `other`. Undefined where no process does: the kernel lists a
 * socket that its process has closed without an inode, and some of those without their user.
 */
export function ownerOfSocket(table: string, own: Endpoint, other: Endpoint): number | undefined {
  const otherNames = namesOf(other);
  const pairs = namesOf(own).map((name, index) => ` ${name} ${otherNames[index]} `);
  const start = pairs.map((pair) => table.indexOf(pair)).find((index) => index >= 0);
  if (start === undefined) return undefined;
  const [, , , , , , user, , inode] = table
    .slice(start, start + maxRowLength)
    .trim()
    .split(/\s+/);
  return inode === '0' ? undefined : Number(user);
}

const maxRowLength = 400;
const mappedPrefix = '0000000000000000FFFF0000';

/** How the tables write a loopback end: 32-bit words in the byte order of x86 and arm64, and the port. An IPv6 socket maps IPv4. */
function namesOf({ address, port }: Endpoint): string[] {
  const suffix = `:${hex(port, 4)}`;
  const ipv4 = withoutMapping(address);
  if (!isIPv4(ipv4)) return [`00000000000000000000000001000000${suffix}`];
  const word = ipv4
    .split('.')
    .reverse()
    .map((byte) => hex(Number(byte), 2))
    .join('');
  return [word + suffix, mappedPrefix + word + suffix];
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

const withoutMapping = (address: string): string => address.replace(/^::ffff:/i, '');

export const isLoopbackAddress = (address: string): boolean => isLoopback(withoutMapping(address));
