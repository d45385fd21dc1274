import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../apps/cli/bin/pentimento.mjs');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  pid: number;
  /** Resolves with the first line of stderr that contains the text. */
  says(text: string): Promise<void>;
  interrupt(): void;
  ended: Promise<Ended>;
}

/** The command as a user runs it, without this machine's settings. */
export function startCommand(args: string[], variables: Record<string, string>): Running {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PENTIMENTO_PORT: '0', ...variables };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const listen of listeners) listen();
  });
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, stdout, stderr })));
  const says = (text: string): Promise<void> =>
    new Promise((found, lost) => {
      const listen = (): void => void (stderr.includes(text) && found());
      listeners.add(listen);
      listen();
      void ended.then(() => lost(new Error(`It never said "${text}":\n${stderr}`)));
    });
  return { pid: child.pid!, says, interrupt: () => void child.kill('SIGINT'), ended };
}
