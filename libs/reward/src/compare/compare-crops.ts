import { cellSimilarities, tileSimilarity, type EncoderPool, type Work } from '@pentimento/encoder';
import { tileSide } from '@pentimento/imaging';
import { assembleScoreMap, type CropScores } from '../map/score-map.ts';
import type { Comparison } from '../scoring/comparison.ts';
import { imageValues } from '../scoring/term-values.ts';
import type { RewardTerm } from '../terms/reward-term.ts';
import type { CachedTarget } from './target-cache.ts';
import type { CompareTasks, ComparedRender, CropPair } from './tasks.ts';

export interface CropComparison {
  terms: readonly RewardTerm[];
  encoders: EncoderPool<CompareTasks>;
  target: CachedTarget;
  /** The render, stretched to the target's size. */
  compared: ComparedRender;
  work: Work;
}

/** A crop's score and those of its cells; no cells where the crop has the same pixels in both images. */
interface ScoredCrop {
  score: number;
  cells: ArrayLike<number> | null;
}

/** Scores of the tiles and windows of a render that the worker has compared. Only crops that differ are encoded. */
export async function compareCrops(input: CropComparison): Promise<{ comparison: Comparison; identicalTiles: number }> {
  const { compared } = input;
  const [tiles, windows] = await Promise.all([
    Promise.all(compared.tiles.map((pair, index) => scoreCrop(input, 'tiles', index, pair))),
    Promise.all(compared.windows.map((pair, index) => scoreCrop(input, 'windows', index, pair))),
  ]);
  const identicalTiles = [...tiles, ...windows].filter((crop) => crop === identicalCrop).length;
  return { comparison: assemble(input, tiles, windows), identicalTiles };
}

const identicalCrop: ScoredCrop = { score: 1, cells: null };

async function scoreCrop(
  { encoders, target, work }: CropComparison,
  level: 'tiles' | 'windows',
  index: number,
  pair: CropPair | null,
): Promise<ScoredCrop> {
  const known = target[level][index];
  if (!pair || pair.render.sha256 === (pair.target ?? known)?.sha256) return identicalCrop;
  const [encodedTarget, { vector, cells }] = await Promise.all([
    known ?? target.encode(level, index, pair.target!, encoders, work),
    encoders.embed(pair.render, work),
  ]);
  return {
    score: tileSimilarity(encodedTarget.features.vector, vector),
    cells: cellSimilarities(encodedTarget.features.cells, cells),
  };
}

function assemble(input: CropComparison, tiles: readonly ScoredCrop[], windows: readonly ScoredCrop[]): Comparison {
  const { terms, target, compared } = input;
  const { size } = target;
  const { values, shift, differences } = compared.pixels;
  const evidence = {
    tiles: tiles.map(({ score }) => score),
    windows: windows.map(({ score }) => score),
    sizes: { target: size, render: compared.size },
    pixels: values,
  };
  const crops = windows.length > 0 ? windowCells(input, windows) : tileCells(input, tiles);
  return {
    rendered: true,
    empty: target.decoded.hasInk && !compared.hasInk,
    values: imageValues(terms, evidence),
    tiles: target.areas.map((area, index) => ({ ...area, score: tiles[index]!.score })),
    windows: target.windowBoxes.map((box, index) => ({ index, level: 'window', box, score: windows[index]!.score })),
    shift,
    map: assembleScoreMap({ size, crops, differences }),
  };
}

/** Without the thumbnail, which shows everything a second time. */
function tileCells({ target, encoders }: CropComparison, tiles: readonly ScoredCrop[]): CropScores[] {
  return target.areas.flatMap(({ level, box }, index) =>
    level === 'tile' ? [{ ...encoders.cellGrid, box, scores: tiles[index]!.cells }] : [],
  );
}

/** A window is a whole tile, also where the target ends before it. */
function windowCells({ target, encoders }: CropComparison, windows: readonly ScoredCrop[]): CropScores[] {
  return target.windowBoxes.map((box, index) => ({
    ...encoders.cellGrid,
    box: { ...box, width: tileSide, height: tileSide },
    scores: windows[index]!.cells,
  }));
}
