import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@pentimento/client';
import { z } from 'zod';
import { Fault } from './fault.ts';
import { parseJson } from './files.ts';
import { homeOf, rewardProgram, serverProgram } from './locations.ts';
import type { Terminal } from './terminal.ts';

type Environment = Terminal['environment'];

/** What a server writes about itself; a reader takes only what it needs. */
const serverFileSchema = z.object({ pid: z.number().int().positive(), url: z.url() });
export type ServerFile = z.infer<typeof serverFileSchema>;

export async function readServerFile(home: string): Promise<ServerFile | undefined> {
  const text = await readFile(join(home, 'server.json'), 'utf8').catch(() => '');
  return serverFileSchema.safeParse(parseJson(text)).data;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const probeMs = 3000;

/** The server of a home, or undefined where its file is stale: its process is gone, or somebody else answers there. */
export async function runningServer(home: string): Promise<ServerFile | undefined> {
  const file = await readServerFile(home);
  if (!file || !isAlive(file.pid)) return undefined;
  const answer = await fetch(`${file.url}/healthz`, { signal: AbortSignal.timeout(probeMs) }).catch(() => undefined);
  return answer?.ok ? file : undefined;
}

/** The server's address by option, by PENTIMENTO_URL, or as the home's own server says; undefined where there is none. */
export async function findServer(option: string | undefined, environment: Environment): Promise<string | undefined> {
  const named = option ?? (environment.PENTIMENTO_URL || undefined);
  if (named === undefined) return (await runningServer(homeOf(environment)))?.url;
  if (!/^https?:$/.test(URL.parse(named)?.protocol ?? '')) {
    throw new Fault(`"${named}" is no server address: give one such as http://127.0.0.1:7400.`);
  }
  return named;
}

/** A client of a server that must be there already. */
export async function requireClient(option: string | undefined, environment: Environment): Promise<Client> {
  const url = await findServer(option, environment);
  if (url) return new Client({ url });
  throw new Fault(
    `No server runs on ${homeOf(environment)}: start one with "pentimento serve", or name one with --server or PENTIMENTO_URL.`,
  );
}

export interface OwnServer {
  url: string;
  /** Resolves when the server has ended, with a sentence on how. */
  ended: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

export interface StartOptions {
  environment: Environment;
  signal: AbortSignal;
  /** File that its output goes to; the streams of this process where absent. */
  log?: string;
}

const startMs = 90_000;
const pollMs = 40;
/** Longer than the server's own deadline for its parts, so that it ends by itself where it can. */
const stopMs = 30_000;

/** Starts the API as a child that leads its own process group: a Ctrl-C in the terminal reaches only us. */
export function startServer(options: StartOptions): Promise<OwnServer> {
  const home = homeOf(options.environment);
  return startProgram(serverProgram, options, (child, signal) => announced(home, child, signal));
}

/** Starts the reward service alone, in the same way. */
export const startRewardService = (options: StartOptions): Promise<OwnServer> =>
  startProgram(rewardProgram, options, told);

type FindAddress = (child: ChildProcess, signal: AbortSignal) => Promise<string | undefined>;

async function startProgram(
  program: string,
  { environment, signal, log }: StartOptions,
  addressOf: FindAddress,
): Promise<OwnServer> {
  if (!existsSync(program)) {
    throw new Fault('The server is not built yet: run "npm run setup" in the checkout first.');
  }
  const child = spawnProgram(program, environment, log);
  const ended = endOf(child);
  const server = { ended, stop: () => stop(child, ended), kill: () => tell(child, 'SIGKILL') };
  const over = new AbortController();
  void ended.then(() => over.abort());
  try {
    const url = await addressOf(child, AbortSignal.any([signal, over.signal, AbortSignal.timeout(startMs)]));
    if (url !== undefined) return { url, ...server };
    signal.throwIfAborted();
    throw new Fault(await whyNot(over.signal.aborted ? await ended : undefined, log));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function whyNot(how: string | undefined, log: string | undefined): Promise<string> {
  if (how === undefined)
    return `The server did not answer within ${startMs / 1000} s: see what "pentimento doctor" says.`;
  return `The server did not start. ${log ? await lastWords(log) : how}`;
}

function spawnProgram(program: string, environment: Environment, log: string | undefined): ChildProcess {
  const output = log ? openLog(log) : undefined;
  const guard = new URL('./leave-with-parent.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', guard, program], {
    detached: true,
    env: environment,
    stdio: ['ignore', output ?? 2, output ?? 2, 'ipc'],
  });
  if (output !== undefined) closeSync(output);
  return child;
}

function openLog(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w', 0o600);
  } catch (cause) {
    throw new Fault(`${dirname(path)} cannot be written: set PENTIMENTO_HOME to a folder of your own.`, { cause });
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`It could not be run: ${error.message}.`));
    child.once('exit', (code, signal) => resolve(`It ended with ${signal ?? `exit code ${code}`}.`));
  });
}

/** The address once the server's file names this very process, which is once it answers; undefined where the signal comes first. */
async function announced(home: string, child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const file = await readServerFile(home);
    if (file && file.pid === child.pid) return file.url;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The address as the child sends it; undefined where the signal comes first. */
function told(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('message', ({ url }: { url: string }) => resolve(url));
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function tell(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended already.
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const deadline = setTimeout(() => tell(child, 'SIGKILL'), stopMs);
  await ended;
  clearTimeout(deadline);
}

/** The plain sentences at the end of a server's log; its JSON lines are for machines. */
async function lastWords(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-12);
  const plain = lines.filter((line) => line && !line.startsWith('{'));
  const logged = lines
    .map((line) => (parseJson(line) as { msg?: unknown } | undefined)?.msg)
    .filter((line) => typeof line === 'string');
  const words = plain.length > 0 ? plain.join('\n') : logged.slice(-2).join('\n');
  return `${words}\nIts log is ${log}.`;
}
