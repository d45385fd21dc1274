export { RewardBusyError, RewardVersionError } from './errors.ts';
export { createReward, type Reward, type RewardCounters, type RewardOptions, type ScoreInput } from './reward.ts';
export { termInfos } from './terms/term-infos.ts';
export { createRewardService, type RewardService, type RewardServiceOptions } from './service/reward-service.ts';
