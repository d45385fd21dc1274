export { isRewardOutage, RewardBusyError, RewardOutageError, RewardVersionError } from './errors.ts';
export { createReward, type Reward } from './reward.ts';
export { termInfos } from './terms/term-infos.ts';
export { createRewardService, type ResultsInTurn, type RewardService } from './service/reward-service.ts';
