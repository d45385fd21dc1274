export { decodeImage, measureImage } from './decode.ts';
export { EncoderError, RewardBusyError, RewardInputError } from './errors.ts';
export { gridFor } from './grid.ts';
export { type RgbImage } from './image.ts';
export { loadEncoder, type EncoderFiles, type EncoderManifest } from './manifest.ts';
export { resizeBicubic } from './resample.ts';
export { createReward, type Reward, type RewardCounters, type RewardOptions, type ScoreInput } from './reward.ts';
export { tileSimilarity } from './similarity.ts';
export { tilesOf } from './tiling.ts';
