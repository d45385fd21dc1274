export { decodeImage, measureImage } from './pixels/decode.ts';
export { EncoderError, RewardBusyError, RewardInputError } from './errors.ts';
export { gridFor } from './pixels/grid.ts';
export { type Raster, type RgbImage } from './pixels/image.ts';
export { alphaModes, preprocessingVersion, type AlphaMode } from './pixels/preprocessing.ts';
export { loadEncoder, providers, type EncoderFiles, type Provider } from './encoder/load.ts';
export { checkEncoder, type EncoderCheck } from './encoder/check.ts';
export { addEncoder, listEncoders, type InstalledEncoder } from './encoder/installed.ts';
export { calibrateInt8 } from './encoder/int8.ts';
export { HubError } from './hub/errors.ts';
export { pullEncoder } from './hub/pull.ts';
export { resizeBicubic } from './pixels/resample.ts';
export {
  createReward,
  type Reward,
  type RewardCounters,
  type RewardOptions,
  type ScoreInput,
  type Verdict,
} from './reward.ts';
export { tileSimilarity } from './encoder/similarity.ts';
export { tilesOf } from './pixels/tiling.ts';
export { createRewardService, type RewardService, type RewardServiceOptions } from './service/reward-service.ts';
export { RewardServiceBusyError, RewardVersionError } from './service/service-errors.ts';
