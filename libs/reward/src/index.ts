export { cellSimilarities, fallbackCellGrid, pixelCells, type Cells } from './cells.ts';
export { decodeImage, maxRenderPixels, measureImage, type ImageRole } from './decode.ts';
export { EncoderError, RewardBusyError, RewardInputError } from './errors.ts';
export { gridFor, tileAreas, tileSide, type Grid, type TileArea } from './grid.ts';
export { flattenOnWhite, type RgbImage } from './image.ts';
export { encoderManifestSchema, loadEncoder, type EncoderFiles, type EncoderManifest } from './manifest.ts';
export { normalisationTable, toPlanes, type Normalisation } from './normalise.ts';
export { resizeBicubic } from './resample.ts';
export {
  createReward,
  rewardVersion,
  type Reward,
  type RewardCounters,
  type RewardOptions,
  type ScoreInput,
} from './reward.ts';
export { assembleScoreMap } from './score-map.ts';
export { cosine, tileSimilarity } from './similarity.ts';
export { rewardTerms } from './terms.ts';
export { tilesOf, type Tile } from './tiling.ts';
