import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@pentimento/client';
import { z } from 'zod';
import { CliError } from '../terminal/cli-error.ts';
import { parseJson } from '../input/files.ts';
import { rewardProgram, serverProgram } from '../settings/locations.ts';
import type { Environment, Settings } from '../settings/settings.ts';

/** What is read of the file that a server writes about itself. */
const serverFileSchema = z.object({ pid: z.number().int().positive(), url: z.url() });
export type ServerFile = z.infer<typeof serverFileSchema>;

async function readServerFile(home: string): Promise<ServerFile | undefined> {
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

/** The server of a home; undefined where its file is stale, as its process is gone or another program answers there. */
export async function runningServer(home: string): Promise<ServerFile | undefined> {
  const file = await readServerFile(home);
  if (!file || !isAlive(file.pid)) return undefined;
  const answer = await fetch(`${file.url}/healthz`, { signal: AbortSignal.timeout(probeMs) }).catch(() => undefined);
  return answer?.ok ? file : undefined;
}

/** The server's address by the option, by PENTIMENTO_URL, or of the home's own server; undefined where there is none. */
export async function findServer(option: string | undefined, { home, url }: Settings): Promise<string | undefined> {
  const named = option ?? url;
  if (named === undefined) return (await runningServer(home))?.url;
  if (!/^https?:$/.test(URL.parse(named)?.protocol ?? '')) {
    throw new CliError(`"${named}" is no server address: give one like http://127.0.0.1:7400.`);
  }
  return named;
}

/** A client of a running server. Throws a CliError where none runs. */
export async function requireClient(option: string | undefined, settings: Settings): Promise<Client> {
  const url = await findServer(option, settings);
  if (url) return new Client({ url });
  throw new CliError(
    `No server runs on ${settings.home}: start one with "pentimento serve", or name one with --server or PENTIMENTO_URL.`,
  );
}

export interface OwnServer {
  url: string;
  /** Resolves when the server has exited, with a sentence that says how. */
  ended: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

export interface StartOptions {
  /** PENTIMENTO_HOME of the server. */
  home: string;
  environment: Environment;
  signal: AbortSignal;
  /** File for its output; where absent, it shares the streams of this process. */
  log?: string;
}

const startMs = 90_000;
const pollMs = 40;
/** Longer than the server's own limit for each part, so that it can end on its own. */
const stopMs = 30_000;

/** Starts the API as a child with its own process group, so that a Ctrl-C in the terminal reaches only this process. */
export function startServer(options: StartOptions): Promise<OwnServer> {
  return startProgram(serverProgram, options, (child, signal) => addressInFile(options.home, child, signal));
}

/** Starts the reward service alone, in the same way. */
export const startRewardService = (options: StartOptions): Promise<OwnServer> =>
  startProgram(rewardProgram, options, addressInMessage);

type FindAddress = (child: ChildProcess, signal: AbortSignal) => Promise<string | undefined>;

async function startProgram(
  program: string,
  { environment, signal, log }: StartOptions,
  addressOf: FindAddress,
): Promise<OwnServer> {
  if (!existsSync(program)) {
    throw new CliError('The server is not built yet: run "npm run setup" in the checkout first.');
  }
  const child = spawnProgram(program, environment, log);
  const ended = endOf(child);
  const server = { ended, stop: () => stop(child, ended), kill: () => signalGroup(child, 'SIGKILL') };
  const exited = new AbortController();
  void ended.then(() => exited.abort());
  try {
    const url = await addressOf(child, AbortSignal.any([signal, exited.signal, AbortSignal.timeout(startMs)]));
    if (url !== undefined) return { url, ...server };
    signal.throwIfAborted();
    throw new CliError(await startFailure(exited.signal.aborted ? await ended : undefined, log));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startFailure(ending: string | undefined, log: string | undefined): Promise<string> {
  if (ending === undefined)
    return `The server did not answer within ${startMs / 1000} s: see what "pentimento doctor" says.`;
  return `The server did not start. ${log ? await lastLines(log) : ending}`;
}

function spawnProgram(program: string, environment: Environment, log: string | undefined): ChildProcess {
  const output = log ? openLog(log) : undefined;
  const stopWithParent = new URL('./stop-with-parent.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', stopWithParent, program], {
    detached: true,
    env: environment,
    stdio: ['ignore', output ?? 2, output ?? 2, 'ipc'],
  });
  if (output !== undefined) closeSync(output);
  return child;
}

function openLog(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
    return openSync(path, 'w', 0o600);
  } catch (cause) {
    throw new CliError(`${dirname(path)} cannot be written: set PENTIMENTO_HOME to a folder of your own.`, { cause });
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`It could not be run: ${error.message}.`));
    child.once('exit', (code, signal) => resolve(`It exited with ${signal ?? `code ${code}`}.`));
  });
}

/** The address from the server's file, once that names this process; undefined where the signal aborts first. */
async function addressInFile(home: string, child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const file = await readServerFile(home);
    if (file && file.pid === child.pid) return file.url;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The address from the child's message; undefined where the signal aborts first. */
function addressInMessage(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('message', ({ url }: { url: string }) => resolve(url));
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // The child has ended.
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const deadline = setTimeout(() => signalGroup(child, 'SIGKILL'), stopMs);
  await ended;
  clearTimeout(deadline);
}

/** The plain sentences at the end of a server's log, or the messages of its last JSON lines. */
async function lastLines(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-12);
  const plain = lines.filter((line) => line && !line.startsWith('{'));
  const logged = lines
    .map((line) => (parseJson(line) as { msg?: unknown } | undefined)?.msg)
    .filter((line) => typeof line === 'string');
  const words = plain.length > 0 ? plain.join('\n') : logged.slice(-2).join('\n');
  return `${words}\nIts log is ${log}.`;
}
