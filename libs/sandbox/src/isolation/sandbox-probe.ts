/**
 * Runs inside the sandbox and tries to get out. Arguments: a port that the host listens on, a file of the host.
 * Prints what it could do as a JSON array of clauses, which is empty where the sandbox holds.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, hostFile] = process.argv.slice(2);

function canWrite(path: string): boolean {
  try {
    writeFileSync(path, 'x');
    // Where the sandbox does not hold, this is the user's own file system.
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

function canConnect(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
}

const status = readFileSync('/proc/self/status', 'utf8');
const problems = [
  (await canConnect()) && "it reached the host's network",
  existsSync(hostFile!) && "it saw the host's files",
  ['/escape', '/usr/bin/escape', '/etc/escape', '/dev/escape'].some(canWrite) && 'it wrote outside its own /tmp',
  !canWrite('/tmp/own') && 'it could not write its own /tmp',
  !/^CapEff:\s*0+$/m.test(status) && 'it kept privileges',
  !/^NoNewPrivs:\s*1$/m.test(status) && 'it could gain privileges',
];
console.log(JSON.stringify(problems.filter((problem) => problem !== false)));
