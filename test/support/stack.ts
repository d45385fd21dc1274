import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const api = resolve(import.meta.dirname, '../../apps/api');
const startMs = 60_000;

export type Variables = Record<string, string>;

/** A program of `apps/api` as a child process. */
interface Program {
  pid: number;
  /** The lines of its log so far. */
  log: readonly string[];
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal (SIGTERM where none is named; SIGKILL to crash it) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

export interface Server extends Program {
  url: string;
}

export interface Stack {
  /** PENTIMENTO_HOME of its programs. */
  home: string;
  url: string;
  server: Server;
  /** Starts one more worker over the same home and database. It is ready to take jobs when this resolves. */
  startWorker(variables?: Variables): Promise<Program>;
  /** Starts the server again, after `server.stop()`. */
  restart(variables?: Variables): Promise<Server>;
  /** Ends everything that still runs, and removes the home. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Settings over the stack's own: any free port, and an embedded Postgres in its home unless DATABASE_URL is here. */
  variables?: Variables;
  /** The script of the `scripted/…` models. Its log, if it names one, is in the home; its code may run without a sandbox. */
  script?: object;
  /** Path of the server's program. Default: that of `apps/api`. */
  program?: string;
}

/** What programs inherit in addition to the test's own variables, so that no setting of the machine changes a test. */
const inherited = Object.fromEntries(
  ['PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  ),
) as Variables;

/** Builds the API if needed, starts a real server over its own home, and waits until it is ready. */
export async function startStack({ variables = {}, script, program }: StackOptions = {}): Promise<Stack> {
  await buildApi();
  const home = await mkdtemp(join(tmpdir(), 'pentimento-stack-'));
  const scripted = script ? await writeScript(home, script) : {};
  const settings = { ...inherited, PENTIMENTO_HOME: home, PENTIMENTO_PORT: '0', ...scripted, ...variables };
  const programs: Program[] = [];
  const started = <Started extends Program>(program: Started): Started => {
    programs.push(program);
    return program;
  };
  const stop = async () => {
    for (const program of programs.reverse()) await program.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const stack: Stack = {
      home,
      url: '',
      server: started(await startServer(settings, program)),
      startWorker: async (more = {}) => started(await startWorker({ ...settings, ...more })),
      async restart(more = {}) {
        stack.server = started(await startServer({ ...settings, ...more }, program));
        stack.url = stack.server.url;
        return stack.server;
      },
      stop,
    };
    stack.url = stack.server.url;
    return stack;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeScript(home: string, script: object): Promise<Variables> {
  const path = join(home, 'script.json');
  await writeFile(path, JSON.stringify(script));
  return { PENTIMENTO_SCRIPTED_MODEL: path, PENTIMENTO_ALLOW_UNSANDBOXED: 'yes' };
}

/** A server with exactly these settings. Rejects with its output where it does not start. */
async function startServer(variables: Variables, path = 'main.js'): Promise<Server> {
  const { program, ready } = launch(path, variables, 'Pentimento is ready.');
  const { url } = (await ready) as { url: string };
  return { ...program, url };
}

/** A reward service alone, over its own home. Rejects with its output where it does not start. */
export async function startRewardService(variables: Variables): Promise<Server> {
  await buildApi();
  const settings = { ...inherited, PENTIMENTO_PORT: '0', ...variables };
  const { program, ready } = launch('rewards.js', settings, 'The reward service is ready.');
  const { url } = (await ready) as { url: string };
  return { ...program, url };
}

async function startWorker(variables: Variables): Promise<Program> {
  const { program, ready } = launch('worker.js', variables, 'The worker is ready.');
  await ready;
  return program;
}

export async function buildApi(): Promise<void> {
  const { build } = (await import(join(api, 'scripts/build.mjs'))) as { build(): Promise<number> };
  await build();
}

/** Runs a program of `apps/api` to its end. */
export async function runToEnd(name: string, variables: Variables, args: string[] = []) {
  const child = spawn(process.execPath, [join(api, 'dist', name), ...args], { env: { ...inherited, ...variables } });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)]);
  return { stdout, stderr, ended: await endOf(child) };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(child.signalCode);
  return new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal!)));
}

/** Ends with the tests, however they end (`setpriv` is in Debian's essential util-linux). */
const withParent = ['--pdeathsig', 'TERM', process.execPath];

function launch(name: string, variables: Variables, readyLine: string) {
  const child = spawn('setpriv', [...withParent, resolve(api, 'dist', name)], {
    env: variables,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = endOf(child);
  const log: string[] = [];
  const { promise: ready, resolve: isReady, reject: failed } = Promise.withResolvers<Record<string, unknown>>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (line.includes(`"msg":"${readyLine}"`)) isReady(JSON.parse(line) as Record<string, unknown>);
  });
  const timer = setTimeout(
    () => failed(new Error(`${name} is not ready after ${startMs} ms:\n${log.join('\n')}`)),
    startMs,
  );
  void ended.then((how) => failed(new Error(`${name} ended (${how}) before it was ready:\n${log.join('\n')}`)));
  void ready.catch(() => child.kill('SIGKILL')).finally(() => clearTimeout(timer));
  const program: Program = {
    pid: child.pid!,
    log,
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
  return { program, ready };
}
