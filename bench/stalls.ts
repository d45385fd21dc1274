/**
 * What a server does to the requests of others while it works on hostile ones: node bench/stalls.ts [PATTERN of names] [PROGRAMS of each language]
 *
 * Prints for each input the worst answer of /healthz, asked every 20 ms by another process, the longest delay of the server's event loop, and
 * the most processor time that the loop's thread used at a time. Where the delay is long and the processor time short, the machine had other
 * work. The inputs are the requests and replies of test/support, and the hostile programs of all languages, one of each at a time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { loadavg } from 'node:os';
import { languages } from '@pentimento/render/languages';
import { startApi, type Api } from '../test/support/api.ts';
import { hostileReplies, hostileSteps } from '../test/support/hostile-replies.ts';
import { hostileRequests } from '../test/support/hostile-requests.ts';
import { longestDelay, longestWork, stallLog, type StallLog } from '../test/support/stalls.ts';

const only = new RegExp(process.argv[2] ?? '');
const noTargets = { port: 9, folder: '/folder', socket: '/socket', mark: 'mark' };
/** Of the hostile programs of one language; all of them take half an hour. */
const maxPrograms = Number(process.argv[3] ?? 8);

type Work = (api: Api) => Promise<unknown>;

/** Asks for the server's health from a process of its own, and prints how long each answer took, milliseconds, a line each. */
const poller = `const [, url] = process.argv;
for (;;) {
  const asked = performance.now();
  await fetch(url + '/healthz').then((response) => response.text());
  console.log(performance.now() - asked);
  await new Promise((done) => setTimeout(done, 20));
}`;

class Health {
  #answers: number[] = [];
  readonly #child;

  constructor(url: string) {
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', poller, url], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#answers.push(Number(line)));
  }

  take(): number[] {
    return this.#answers.splice(0);
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

const requests = (image: Uint8Array): [string, Work][] =>
  Object.entries(hostileRequests(image)).map(([name, { path, type, body }]) => [
    name,
    async (api) => {
      const sent = body();
      const response = await fetch(api.at(path), {
        method: 'POST',
        headers: { 'content-type': type },
        body: typeof sent === 'string' ? sent : new Uint8Array(sent),
      });
      return response.text();
    },
  ]);

const replies = (): [string, Work][] =>
  Object.entries(hostileReplies).map(([language, { hostile }]) => [
    `replies in ${language}`,
    async (api) => {
      const policy = { 'policy.candidates': String(hostile.length + 1), 'policy.maxIterations': '1' };
      await api.ended(await api.submit({ language, model: `scripted/${language}`, ...policy }));
    },
  ]);

async function programs(): Promise<[string, Work][]> {
  const all = await Promise.all(
    languages.map(async ({ id, loadSamples }) => {
      const { hostile } = (await loadSamples()).samples;
      const every = Object.entries(hostile(noTargets));
      const chosen = every.filter((_, index) => index % Math.ceil(every.length / maxPrograms) === 0);
      return chosen.map(([name, { code }]): [string, Work] => [
        `${id}: ${name}`,
        (api) => api.sendJson('/v1/renders', { language: id, code, size: { width: 300, height: 200 } }),
      ]);
    }),
  );
  return all.flat();
}

interface Measured {
  name: string;
  answers: number[];
  delayMs: number;
  workMs: number;
}

async function measure(api: Api, log: StallLog, health: Health, [name, work]: [string, Work]): Promise<Measured> {
  await log.take();
  health.take();
  await work(api);
  const stalls = await log.take();
  return { name, answers: health.take(), delayMs: longestDelay(stalls), workMs: longestWork(stalls) };
}

const figure = (ms: number): string => `${ms.toFixed(0).padStart(6)} ms`;
const slow = (answers: readonly number[]): number => answers.filter((ms) => ms > 100).length;

function print({ name, answers, delayMs, workMs }: Measured): void {
  const worst = Math.max(0, ...answers);
  console.log(
    `${figure(worst)} answer, ${figure(delayMs)} delay, ${figure(workMs)} work, ${slow(answers)} of ${answers.length} answers over 100 ms, load ${loadavg()[0]!.toFixed(0)}: ${name}`,
  );
}

const log = await stallLog();
const api = await startApi({ PENTIMENTO_LEASE_MS: '30000', ...log.variables }, { script: { steps: hostileSteps } });
const health = new Health(api.stack.url);
const measured: Measured[] = [];
for (const input of [...requests(api.image), ...replies(), ...(await programs())]) {
  if (!only.test(input[0])) continue;
  measured.push(await measure(api, log, health, input));
  print(measured.at(-1)!);
}
print({
  name: `all ${measured.length} inputs`,
  answers: measured.flatMap(({ answers }) => answers),
  delayMs: Math.max(...measured.map(({ delayMs }) => delayMs)),
  workMs: Math.max(...measured.map(({ workMs }) => workMs)),
});
await health.stop();
await api.stop();
await log.remove();
