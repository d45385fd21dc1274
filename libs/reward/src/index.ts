export { EncoderError, RewardBusyError } from './errors.ts';
export { loadEncoder, providers, type EncoderFiles, type Provider } from './encoder/load.ts';
export { checkEncoder, type EncoderCheck } from './encoder/check.ts';
export { addEncoder, listEncoders, type InstalledEncoder } from './encoder/installed.ts';
export { calibrateInt8 } from './encoder/int8.ts';
export { HubError } from './hub/errors.ts';
export { pullEncoder } from './hub/pull.ts';
export {
  createReward,
  type Reward,
  type RewardCounters,
  type RewardOptions,
  type ScoreInput,
  type Verdict,
} from './reward.ts';
export { tileSimilarity } from './encoder/similarity.ts';
export { createRewardService, type RewardService, type RewardServiceOptions } from './service/reward-service.ts';
export { RewardServiceBusyError, RewardVersionError } from './service/service-errors.ts';
