import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findExecutable } from './executable.ts';
import { nodeProgram } from './node-program.ts';
import { entryMethods, startInSandbox, type SandboxConfig } from './sandbox.ts';

/** `config` of a sandbox that was tried and held; otherwise `reason`, a sentence with the remedy. */
export type Detection = { config: SandboxConfig } | { config: null; reason: string };

const probeMs = 15_000;

/**
 * Finds a sandbox that works by entering it and trying to get out again.
 *
 * @param bubblewrap path of bwrap; null for none; undefined to search for it.
 */
export async function detectSandbox(bubblewrap: string | null | undefined, user: number): Promise<Detection> {
  const path = bubblewrap === undefined ? findExecutable(['bwrap'], process.env['PATH']) : bubblewrap;
  if (!path || !findExecutable([path], '')) {
    return { config: null, reason: 'bubblewrap is not installed: run "npm run setup -- --only base".' };
  }
  const errors: string[] = [];
  for (const entry of entryMethods(process.getuid?.() === 0)) {
    const config = { bubblewrap: path, entry };
    const error = await probe(config, user);
    if (error === null) return { config };
    errors.push(error);
  }
  return { config: null, reason: `bubblewrap does not work here (${errors[0]}): ${remedyFor(errors)}.` };
}

function remedyFor(errors: string[]): string {
  const isUnreadable = errors.every((error) => error.includes('Permission denied'));
  return isUnreadable
    ? 'let other accounts read this folder (chmod -R a+rX)'
    : 'allow user namespaces for this account or container';
}

/** Null where the sandbox held, else what went wrong. */
async function probe(config: SandboxConfig, user: number): Promise<string | null> {
  const listener = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = (listener.address() as AddressInfo).port;
  const hostFile = fileURLToPath(import.meta.url);
  const main = fileURLToPath(new URL('sandbox-probe.ts', import.meta.url));
  const program = nodeProgram({ main, files: [], packages: new Map(), args: () => [String(port), hostFile] });
  const running = startInSandbox(program, config, user, null);
  const timer = setTimeout(running.kill, probeMs);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { code } = await running.ended;
  clearTimeout(timer);
  listener.close();
  return errorIn(Buffer.concat(chunks).toString('utf8'), code, running.stderrTail());
}

function errorIn(output: string, code: number | null, stderr: string): string | null {
  try {
    const problems = JSON.parse(output) as string[];
    return problems.length === 0 ? null : problems.join(', ');
  } catch {
    return stderr.trim().split('\n')[0] || `it ended with code ${code}`;
  }
}
