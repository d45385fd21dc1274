import type { RewardServices } from './services.ts';

/**
 * Tries the renderers out beside the rest of the start, so that the first job need not wait for them, and logs what
 * cannot be rendered with its remedy.
 */
export async function warmUp({ renderers, logger, lifecycle }: RewardServices): Promise<void> {
  try {
    const states = await renderers.states();
    for (const { language, available, isolation, reason } of states) {
      if (!available) logger.info({ language }, `${language} cannot be rendered: ${reason}`);
      else if (isolation !== 'sandbox')
        logger.warn({ language, isolation }, `${language} is weakly shut in: ${reason}`);
    }
  } catch (error) {
    if (!lifecycle.draining.aborted) logger.error({ err: error }, 'The renderers could not be tried out.');
  }
}
