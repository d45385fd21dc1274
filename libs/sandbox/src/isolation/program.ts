import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Cgroup } from './cgroup.ts';
import { killTree } from './kill-tree.ts';
import { watchMemory } from './memory-watchdog.ts';
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
  /** Whether it makes user namespaces, for which it must write to /proc. Every other program has a /proc that it can only read. */
  createsNamespaces: boolean;
  /** Number of two-way pipes besides stdin, stdout and stderr, from file descriptor 3 on. */
  extraPipes: number;
}

export interface Limits {
  /** Memory of all its processes together, bytes: private and shared, without the files that they have mapped. */
  treeBytes: number;
  /** Writable private memory of each process (RLIMIT_DATA), bytes. */
  dataBytes: number;
  /** Address space of each process (RLIMIT_AS), bytes; null for a runtime that reserves more than it uses. */
  addressBytes: number | null;
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
  /** To be told when it begins to wait for work, and when work begins: its memory is watched closely at work only. */
  setIdle(isIdle: boolean): void;
  /** Whether it was killed because its tree had more memory than it may. Known once `ended` has settled. */
  exceededMemory(): boolean;
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

/**
 * A command line that enters the control group, closes the inherited descriptors and then runs the command. The kernel ends what it
 * runs before anything else where the machine has no memory left.
 */
function prepared(command: string[], pipeCount: number, cgroup: Cgroup | null): string[] {
  const closing = inherited.filter((descriptor) => descriptor >= 3 + pipeCount);
  const steps = [
    '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null',
    ...(cgroup ? ['echo $$ >"$0" || exit 1'] : []),
    `exec ${closing.map((descriptor) => `${descriptor}>&-`).join(' ')} "$@"`,
  ];
  // Only bash closes descriptors above 9. Without the flag it takes its stdin, a socket, for a remote login and runs a start-up file.
  const shell = closing.length === 0 ? ['/bin/sh'] : ['/bin/bash', '--norc'];
  return [...shell, '-c', steps.join('\n'), cgroup?.entrance ?? 'sh', ...command];
}

export interface StartOptions {
  environment: Record<string, string>;
  pipeCount: number;
  treeBytes: number;
  cgroup: Cgroup | null;
}

/** Starts a command in a new process group, without the environment of this process. */
export function start(command: string[], { environment, pipeCount, treeBytes, cgroup }: StartOptions): RunningProgram {
  const [file, ...args] = prepared(command, pipeCount, cgroup);
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
    ...limitMemory(child, treeBytes, cgroup),
    ended: endOf(child).finally(() => cgroup?.remove()),
  };
}

function limitMemory(
  child: ChildProcess,
  treeBytes: number,
  cgroup: Cgroup | null,
): Pick<RunningProgram, 'setIdle' | 'exceededMemory'> {
  let isExceeded = false;
  const exceed = (): void => {
    isExceeded = true;
    kill(child);
  };
  const watch = child.pid === undefined ? undefined : watchMemory(child.pid, treeBytes, exceed);
  child.once('exit', () => watch?.stop());
  child.once('close', () => (isExceeded ||= cgroup?.exceededMemory() ?? false));
  return { setIdle: (isIdle) => watch?.setIdle(isIdle), exceededMemory: () => isExceeded };
}

function endOf(child: ChildProcess): RunningProgram['ended'] {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
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
