import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { killTree } from './kill-tree.ts';
import type { SystemCallPolicy } from './seccomp.ts';

/** A program to be run for drawing, told apart from the wall around it. */
export interface Program {
  /** Host files and folders that it may read, and where it sees them. System folders are there anyway. */
  readable: ReadonlyMap<string, string>;
  /** Command line, with every host path put through `place`. */
  command(place: (hostPath: string) => string): string[];
  environment: Record<string, string>;
  limits: Limits;
  systemCalls: SystemCallPolicy;
  /** Two-way pipes beside stdin, stdout and stderr, from file descriptor 3 on. */
  extraPipes: number;
}

export interface Limits {
  /** Writable private memory of each process (RLIMIT_DATA), bytes. */
  dataBytes: number;
  /** Processes and threads together. */
  processes: number;
  /** Largest file written, bytes. */
  fileBytes: number;
  /** Size of its own /tmp in memory, bytes. */
  temporaryBytes: number;
  openFiles: number;
}

/** A running program with its whole tree. */
export interface Running {
  stdin: NodeJS.WritableStream;
  stdout: NodeJS.ReadableStream;
  pipes: Duplex[];
  /** The last 4 KB that it wrote to stderr. */
  stderrTail(): string;
  /** Ends the whole tree at once. */
  kill(): void;
  /** Settles once no process of the tree is left. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const stderrBytes = 4096;

/**
 * Descriptors that this process was born with and would pass on: Node closes its own for its children, but not all that its parent
 * left open.
 */
const inherited = readdirSync('/proc/self/fd')
  .map(Number)
  .filter((descriptor) => descriptor > 2 && !closesByItself(descriptor));

function closesByItself(descriptor: number): boolean {
  const closeOnExec = 0o2000000;
  try {
    const [, flags] = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return (Number.parseInt(flags ?? '0', 8) & closeOnExec) !== 0;
  } catch {
    return true;
  }
}

/** The command, without the descriptors that are none of the child's business. */
function withoutInherited(command: string[], pipeCount: number): string[] {
  const closing = inherited.filter((descriptor) => descriptor >= 3 + pipeCount);
  if (closing.length === 0) return command;
  return [
    '/bin/bash',
    // Without this it takes the socket that is its stdin for a remote login, and runs the account's own start-up file.
    '--norc',
    '-c',
    `exec ${closing.map((descriptor) => `${descriptor}>&-`).join(' ')} "$@"`,
    'bash',
    ...command,
  ];
}

/** Starts a command in a process group of its own, with nothing of this process's environment. */
export function start(command: string[], environment: Record<string, string>, pipeCount: number): Running {
  const [file, ...args] = withoutInherited(command, pipeCount);
  const child = spawn(file!, args, {
    cwd: '/',
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...Array.from({ length: pipeCount }, () => 'pipe' as const)],
  });
  const pipes = child.stdio.slice(3) as Duplex[];
  const tail = keepTail(child.stderr!);
  // A child that dies breaks its pipes; that it died is told by `ended`.
  for (const pipe of [child.stdin!, child.stdout!, child.stderr!, ...pipes]) pipe.on('error', () => {});
  return {
    stdin: child.stdin!,
    stdout: child.stdout!,
    pipes,
    stderrTail: tail,
    kill: () => kill(child),
    ended: new Promise((resolve) => {
      child.once('error', () => resolve({ code: null, signal: null }));
      child.once('close', (code, signal) => resolve({ code, signal }));
    }),
  };
}

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let tail = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-stderrBytes);
  });
  return () => tail.toString('utf8');
}

/** What it wrote is worth nothing then, and must not keep its pipes open: a pipe that nobody reads does not end. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  killTree(child.pid);
  for (const stream of child.stdio) if (stream !== child.stderr) stream?.destroy();
}
