import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import type { RenderService } from '@pentimento/render';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { QueueModule } from '../queue/queue.module.ts';
import { RENDERERS } from '../renders/renderers.provider.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { REWARD, type Scorer } from '../rewards/reward.provider.ts';
import { RewardsModule } from '../rewards/rewards.module.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { HealthController } from './health.controller.ts';
import { PROBES, type Probe } from './probes.ts';

/** The health page, with the probes of what the process needs. */
@Module({})
export class HealthModule {
  /** Of a process that takes and runs jobs. */
  static forJobs(): DynamicModule {
    const useFactory = (
      store: Store,
      queue: JobQueue,
      languages: Languages,
      renderers: RenderService,
      reward: Scorer,
    ): Probe[] => [
      { name: 'postgres', check: () => store.ping().then(() => 'It answers.') },
      { name: 'queue', check: async () => `${await queue.waiting()} jobs wait.` },
      ...rewardProbes(languages, renderers, reward),
    ];
    return {
      module: HealthModule,
      imports: [QueueModule, RendersModule, RewardsModule],
      controllers: [HealthController],
      providers: [{ provide: PROBES, inject: [STORE, JobQueue, LANGUAGES, RENDERERS, REWARD], useFactory }],
    };
  }

  /** Of a process that renders and scores only. */
  static forRewards(): DynamicModule {
    return {
      module: HealthModule,
      imports: [RendersModule, RewardsModule],
      controllers: [HealthController],
      providers: [{ provide: PROBES, inject: [LANGUAGES, RENDERERS, REWARD], useFactory: rewardProbes }],
    };
  }
}

const rewardProbes = (languages: Languages, renderers: RenderService, reward: Scorer): Probe[] => [
  { name: 'renderers', check: () => checkRenderers(languages, renderers) },
  { name: 'encoder', check: () => reward.version().then(({ encoder }) => `${encoder.id} is loaded.`) },
];

/** Enough for renderers that were tried before, and for the fast ones. */
const renderersMs = 1_000;

/** Well where any language can be rendered: one that is still being tried does not hold up the others. */
async function checkRenderers(languages: Languages, renderers: RenderService): Promise<string> {
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
  await Promise.race([all, Promise.all([first.promise, sleep(renderersMs, undefined, { ref: false })])]);
  if (available.length === 0) throw new Error('No language can be rendered; GET /v1/languages says what to install.');
  return `${available.join(', ')} can be rendered.`;
}
