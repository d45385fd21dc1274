import { setTimeout as sleep } from 'node:timers/promises';
import type { RewardServices, Services } from '../composition/services.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import type { Probe } from './checks.ts';

/** What a process needs that draws and scores. */
export const rewardProbes = (services: RewardServices): Probe[] => [
  { name: 'renderers', check: () => renderersProbe(services) },
  { name: 'encoder', check: () => services.reward.version().then(({ encoder }) => `${encoder.id} is loaded.`) },
];

/** What a process needs that takes and does jobs. */
export const jobProbes = (services: Services, queue: JobQueue): Probe[] => [
  { name: 'postgres', check: () => services.store.ping().then(() => 'It answers.') },
  { name: 'queue', check: async () => `${await queue.waiting()} jobs wait.` },
  ...rewardProbes(services),
];

/** Long enough for what has been tried out before, and for the quick ones. */
const patienceMs = 1_000;

/** Well where any language can be rendered: one that is still being tried out does not hold up the others. */
async function renderersProbe({ languages, renderers }: RewardServices): Promise<string> {
  const available: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = Promise.all(
    languages.map(async ({ id }) => {
      const [state] = await renderers.states([id]);
      if (!state?.available) return;
      available.push(id);
      first.resolve();
    }),
  );
  await Promise.race([all, Promise.all([first.promise, sleep(patienceMs, undefined, { ref: false })])]);
  if (available.length === 0) throw new Error('No language can be rendered; GET /v1/languages says what to install.');
  return `${available.join(', ')} can be rendered.`;
}
