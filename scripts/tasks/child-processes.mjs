import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { logFile, projectEnvironment, root } from './paths.mjs';
import { Failure } from './terminal.mjs';

/** Children that end with this process. Each leads a process group of its own, so that its whole tree can be signaled. */
const groups = new Set();
let leaving;
/** The program that has the terminal for now. */
let delegate;

function signalGroups(signal) {
  for (const child of groups) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** Ends what still runs and waits for it. */
async function stopChildren() {
  const ended = [...groups].map((child) => new Promise((resolve) => child.once('close', resolve)));
  signalGroups('SIGTERM');
  const deadline = setTimeout(() => signalGroups('SIGKILL'), 5000);
  await Promise.all(ended);
  clearTimeout(deadline);
}

function leave(signal) {
  if (delegate) return void delegate.kill(signal);
  leaving ??= stopChildren().then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, leave);

/** An npm that is killed by SIGKILL passes no signal on: its command has to end too. */
function endWithNpm() {
  const npm = process.ppid;
  const watch = () => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    leave('SIGTERM');
  };
  const timer = setInterval(watch, 1000).unref();
}
if (process.env.npm_lifecycle_event) endWithNpm();

function spawnInGroup(command, args, { cwd = root, env = {}, stdio }) {
  const child = spawn(command, args, { cwd, env: projectEnvironment(env), stdio, detached: true });
  groups.add(child);
  child.once('close', () => groups.delete(child));
  return child;
}

function ending(child, command) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      groups.delete(child);
      reject(new Failure(`${command} could not be started (${error.code}): check that it is installed.`));
    });
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** Runs a program of set-up with its output in a log. A failure shows the log's end. */
export async function runLogged(name, command, args, options = {}) {
  const file = logFile(name);
  const log = openSync(file, 'w');
  const child = spawnInGroup(command, args, { ...options, stdio: ['ignore', log, log] });
  closeSync(log);
  const code = await ending(child, command);
  if (leaving) await leaving;
  if (code !== 0) {
    const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n  ');
    throw new Failure(
      `${name} failed (${command} ended with ${code}). The whole log is in ${file}; it ends:\n  ${tail}`,
    );
  }
}

/** Runs a program whose output the user watches, on standard error, or both streams as they are with `inherit`. */
export async function runShown(command, args, options = {}) {
  const child = spawnInGroup(command, args, { ...options, stdio: ['ignore', options.inherit ? 'inherit' : 2, 2] });
  const code = await ending(child, command);
  if (leaving) await leaving;
  return code;
}

/** Runs a program and hands back what it wrote on both streams. */
export async function runCaptured(command, args, options = {}) {
  const child = spawnInGroup(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const code = await ending(child, command);
  if (leaving) await leaving;
  return { code, output: Buffer.concat(chunks).toString() };
}

/** Starts a program that runs in the background until it ends, or until this process does. */
export function startInBackground(command, args, options = {}) {
  const child = spawnInGroup(command, args, { ...options, stdio: ['ignore', 2, 2] });
  return { child, ended: ending(child, command) };
}

/**
 * Hands the terminal over to a program of the project: signals go to it, its exit code is ours. It stays in this process
 * group, so a Ctrl-C may reach it twice, from the terminal and from here; it counts signals that close together as one.
 */
export async function delegateTo(command, args, options = {}) {
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  delegate = spawn(command, args, { cwd: process.cwd(), env: projectEnvironment(options.env), stdio });
  try {
    return await ending(delegate, command);
  } finally {
    delegate = undefined;
    await stopChildren();
  }
}
