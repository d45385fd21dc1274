/** Prints what a program behind the outer wall can reach of the machine. Arguments: a port and a folder of the machine. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';

const [port, folder] = process.argv.slice(2);

const places = [
  ...[
    '/',
    '/usr',
    '/usr/bin',
    '/usr/lib',
    '/usr/local/bin',
    '/etc',
    '/opt',
    '/srv',
    '/home',
    '/var',
    '/var/lib',
    '/var/cache',
  ],
  ...[homedir(), process.cwd(), '/sys', '/sys/fs/cgroup', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'],
  ...['/tmp', '/var/tmp', '/dev/shm', '/run'],
];

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const canConnect = await new Promise<boolean>((resolve) => {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
});

console.log(
  JSON.stringify({
    written: places.filter(canWrite),
    reached: [canConnect && 'network', existsSync(folder!) && 'files'].filter(Boolean),
    processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
    capabilities: /^CapEff:\s*0*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1],
  }),
);
