import type { RewardPort } from '@pentimento/agent';
import { isRewardOutage } from '@pentimento/reward';
import type { Logger } from 'pino';
import type { Scorer } from '../rewards/reward.provider.ts';

const unscorable = { unscorable: 'The image cannot be compared with the target: draw it in a simpler way.' };

/** The reward as the loop uses it: what fails for one render and is no outage is a value, and logged. */
export function scorerPort(reward: Pick<Scorer, 'score'>, logger: Logger): RewardPort {
  return {
    async score(input, signal) {
      try {
        return await reward.score(input, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (input.render === null || isRewardOutage(error)) throw error;
        logger.error({ err: error, jobId: input.job }, 'The render of a candidate could not be scored.');
        return unscorable;
      }
    },
  };
}
