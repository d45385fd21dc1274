export { decodeImage, measureImage } from './pixels/decode.ts';
export { EncoderError, RewardBusyError, RewardInputError } from './errors.ts';
export { gridFor } from './pixels/grid.ts';
export { type RgbImage } from './pixels/image.ts';
export { loadEncoder, type EncoderFiles, type EncoderManifest } from './encoder/manifest.ts';
export { resizeBicubic } from './pixels/resample.ts';
export { createReward, type Reward, type RewardCounters, type RewardOptions, type ScoreInput } from './reward.ts';
export { tileSimilarity } from './encoder/similarity.ts';
export { tilesOf } from './pixels/tiling.ts';
