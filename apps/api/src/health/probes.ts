import type { RewardServices, Services } from '../composition/services.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import type { Probe } from './checks.ts';

/** What a process needs that draws and scores. */
export const rewardProbes = (services: RewardServices): Probe[] => [
  { name: 'renderers', check: () => renderers(services) },
  { name: 'encoder', check: () => services.reward.version().then(({ encoder }) => `${encoder.id} is loaded.`) },
];

/** What a process needs that takes and does jobs. */
export const jobProbes = (services: Services, queue: JobQueue): Probe[] => [
  { name: 'postgres', check: () => services.store.ping().then(() => 'It answers.') },
  { name: 'queue', check: async () => `${await queue.waiting()} jobs wait.` },
  ...rewardProbes(services),
];

async function renderers(services: RewardServices): Promise<string> {
  const states = await services.renderers.states();
  const available = states.filter((state) => state.available).map((state) => state.language);
  if (available.length === 0) throw new Error('No language can be rendered; GET /v1/languages says what to install.');
  return `${available.join(', ')} can be rendered.`;
}
