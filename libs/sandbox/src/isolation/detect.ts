import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findExecutable } from './executable.ts';
import { nodeProgram } from './node-program.ts';
import { entriesFor, startInSandbox, type Wall } from './sandbox.ts';

/** `wall` where a sandbox was tried and held; `reason` otherwise, a sentence with the remedy. */
export type Detection = { wall: Wall } | { wall: null; reason: string };

const probeMs = 15_000;

/**
 * Finds a way into a sandbox by really going in and trying to get out again.
 *
 * @param bubblewrap path of bwrap; null for none; undefined to search for it.
 */
export async function detectSandbox(bubblewrap: string | null | undefined, user: number): Promise<Detection> {
  const path = bubblewrap === undefined ? findExecutable(['bwrap'], process.env['PATH']) : bubblewrap;
  if (!path || !findExecutable([path], '')) {
    return { wall: null, reason: 'bubblewrap is not installed: run "npm run setup -- --only base".' };
  }
  const complaints: string[] = [];
  for (const entry of entriesFor(process.getuid?.() === 0)) {
    const complaint = await probe({ bubblewrap: path, entry }, user);
    if (complaint === null) return { wall: { bubblewrap: path, entry } };
    complaints.push(complaint);
  }
  return { wall: null, reason: `bubblewrap does not work here (${complaints[0]}): ${remedyFor(complaints)}.` };
}

function remedyFor(complaints: string[]): string {
  const isClosed = complaints.every((complaint) => complaint.includes('Permission denied'));
  return isClosed
    ? 'let other accounts read this folder (chmod -R a+rX)'
    : 'allow user namespaces for this account or container';
}

/** Null where the wall held, else what went wrong. */
async function probe(wall: Wall, user: number): Promise<string | null> {
  const listener = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = (listener.address() as AddressInfo).port;
  const hostFile = fileURLToPath(import.meta.url);
  const main = fileURLToPath(new URL('sandbox-probe.ts', import.meta.url));
  const running = startInSandbox(
    nodeProgram({ main, files: [], packages: new Map(), args: () => [String(port), hostFile] }),
    wall,
    user,
  );
  const timer = setTimeout(running.kill, probeMs);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { code } = await running.ended;
  clearTimeout(timer);
  listener.close();
  return verdictOf(Buffer.concat(chunks).toString('utf8'), code, running.stderrTail());
}

function verdictOf(output: string, code: number | null, stderr: string): string | null {
  try {
    const findings = JSON.parse(output) as string[];
    return findings.length === 0 ? null : findings.join(', ');
  } catch {
    return stderr.trim().split('\n')[0] || `it ended with code ${code}`;
  }
}
