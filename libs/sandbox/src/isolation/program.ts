import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { killTree } from './kill-tree.ts';
import type { SystemCallPolicy } from './seccomp.ts';

/** A program to run, independent of the sandbox around it. */
export interface Program {
  /** Host files and folders that it may read, by host path, with the path at which it sees them. It always sees system folders. */
  readable: ReadonlyMap<string, string>;
  /** Command line, with every host path mapped by `toInside` to the path at which the program sees it. */
  command(toInside: (hostPath: string) => string): string[];
  environment: Record<string, string>;
  limits: Limits;
  systemCalls: SystemCallPolicy;
  /** Number of two-way pipes besides stdin, stdout and stderr, from file descriptor 3 on. */
  extraPipes: number;
}

interface Limits {
  /** Writable private memory of each process (RLIMIT_DATA), bytes. */
  dataBytes: number;
  /** Number of processes and threads together. */
  processes: number;
  /** Of the largest file that it may write, bytes. */
  fileBytes: number;
  /** Size of its own /tmp in memory, bytes. */
  temporaryBytes: number;
  openFiles: number;
}

/** A running program with all its descendants. */
export interface RunningProgram {
  stdin: NodeJS.WritableStream;
  stdout: NodeJS.ReadableStream;
  pipes: Duplex[];
  /** The last 4 KB that it wrote to stderr. */
  stderrTail(): string;
  /** Kills the whole process tree. */
  kill(): void;
  /** Resolves once no process of the tree is left. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const stderrBytes = 4096;

/** Descriptors that this process inherited and would pass on: Node closes its own for its children, but not all inherited ones. */
const inherited = readdirSync('/proc/self/fd')
  .map(Number)
  .filter((descriptor) => descriptor > 2 && !closesOnExec(descriptor));

function closesOnExec(descriptor: number): boolean {
  const closeOnExec = 0o2000000;
  try {
    const [, flags] = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return (Number.parseInt(flags ?? '0', 8) & closeOnExec) !== 0;
  } catch {
    return true;
  }
}

/** A command line that closes the inherited descriptors and then runs the command. */
function withoutInherited(command: string[], pipeCount: number): string[] {
  const closing = inherited.filter((descriptor) => descriptor >= 3 + pipeCount);
  if (closing.length === 0) return command;
  return [
    '/bin/bash',
    // Without this, bash takes its stdin, a socket, for a remote login and runs the account's start-up file.
    '--norc',
    '-c',
    `exec ${closing.map((descriptor) => `${descriptor}>&-`).join(' ')} "$@"`,
    'bash',
    ...command,
  ];
}

/** Starts a command in a new process group, without the environment of this process. */
export function start(command: string[], environment: Record<string, string>, pipeCount: number): RunningProgram {
  const [file, ...args] = withoutInherited(command, pipeCount);
  const child = spawn(file!, args, {
    cwd: '/',
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...Array.from({ length: pipeCount }, () => 'pipe' as const)],
  });
  const pipes = child.stdio.slice(3) as Duplex[];
  const tail = keepTail(child.stderr!);
  // A child that dies breaks its pipes. `ended` reports that.
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

/** Also discards unread output: an unread pipe never ends, and `ended` would wait for it. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  killTree(child.pid);
  for (const stream of child.stdio) if (stream !== child.stderr) stream?.destroy();
}
