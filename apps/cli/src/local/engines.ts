import { existsSync } from 'node:fs';
import { createRenderService, type RenderService } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { createReward, type Reward } from '@pentimento/reward';
import { createHomeCaches } from '@pentimento/cache';
import type { Settings } from '../settings/settings.ts';
import { CliError } from '../terminal/cli-error.ts';

/** RenderService in this process, with a server's settings except for those that are given. The caller closes them. */
export function openRenderers(
  settings: Settings,
  {
    concurrency = validated(settings).render.concurrency,
    deadlineMs,
  }: { concurrency?: number; deadlineMs?: number } = {},
): RenderService {
  const cache = cachesOf(settings)?.renders;
  return createRenderService({ ...settings.render, languages, concurrency, deadlineMs, cache });
}

/** The reward of this process, with a server's settings. Close it. */
export function openReward(settings: Settings): Reward {
  const { reward, home } = validated(settings);
  return createReward({ ...reward, home, cache: cachesOf(settings)?.vectors });
}

/** The settings, for commands that depend on them. Throws a CliError that names every invalid variable. */
export function validated(settings: Settings): Settings {
  if (settings.problems.length > 0) throw new CliError(settings.problems.join('\n'));
  return settings;
}

/** The caches of an existing home: a command that needs no server creates no home. */
const cachesOf = ({ home }: Settings): ReturnType<typeof createHomeCaches> | undefined =>
  existsSync(home) ? createHomeCaches(home) : undefined;
