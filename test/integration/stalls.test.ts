import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import { longestWork, stallLog, type StallLog } from '../support/stalls.ts';

/** Most processor time of the event loop in one stretch, milliseconds: 50 on a quiet machine. */
const maxWorkMs = 100;
/** A machine that is busy with other work is measured again. */
const maxMeasurements = 3;

let api: Api;
let log: StallLog;

beforeAll(async () => {
  log = await stallLog();
  api = await startApi(log.variables);
  // Code that runs for the first time is compiled.
  for (const request of Object.values(requests())) await send(request);
  await log.take();
});
afterAll(async () => {
  await api?.stop();
  await log?.remove();
});

const requests = () => hostileRequests(api?.image ?? new Uint8Array());

const bodyOf = (body: string | Uint8Array) => (typeof body === 'string' ? body : new Uint8Array(body));

async function send({ path, type, body }: ReturnType<typeof requests>[string]): Promise<number> {
  const response = await fetch(api.at(path), {
    method: 'POST',
    headers: { 'content-type': type },
    body: bodyOf(body()),
  });
  expect((await response.text()).length).toBeLessThan(200_000);
  return response.status;
}

it.each(Object.keys(requests()))('the event loop has a turn every 50 ms while it reads %s', async (name) => {
  const request = requests()[name]!;
  for (let measurement = 1; ; measurement++) {
    expect(await send(request)).toBe(request.status);
    const work = longestWork(await log.take());
    if (work < maxWorkMs) return;
    if (measurement === maxMeasurements) expect.fail(`It worked for ${work.toFixed(0)} ms.`);
  }
});
