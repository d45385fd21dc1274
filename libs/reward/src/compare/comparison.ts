import { cellSimilarities, tileSimilarity, type EncoderPool, type Work } from '@pentimento/encoder';
import { tileSide } from '@pentimento/imaging';
import type { Scored } from '../terms/plain-cases.ts';
import { assembleScoreMap, type CropScores } from '../terms/score-map.ts';
import { aspectNearness, sizeNearness } from '../terms/size.ts';
import { meanScore, tileTerms } from '../terms/terms.ts';
import type { CachedTarget } from './target-cache.ts';
import type { CompareTasks, ComparedRender, CropPair } from './tasks.ts';

export interface ComparisonInput {
  encoders: EncoderPool<CompareTasks>;
  target: CachedTarget;
  /** The render, stretched to the target's size. */
  compared: ComparedRender;
  work: Work;
  alignment: 0 | 1;
  text: number | null;
}

/** A crop's score and those of its cells; no cells where the crop has the same pixels in both images. */
interface ScoredCrop {
  score: number;
  cells: ArrayLike<number> | null;
}

/** Scores of the tiles and windows of a render that the worker has compared. Only crops that differ are encoded. */
export async function compareCrops(input: ComparisonInput): Promise<{ scored: Scored; identicalTiles: number }> {
  const { compared } = input;
  const [tiles, windows] = await Promise.all([
    Promise.all(compared.tiles.map((pair, index) => scoreCrop(input, 'tiles', index, pair))),
    Promise.all(compared.windows.map((pair, index) => scoreCrop(input, 'windows', index, pair))),
  ]);
  const identicalTiles = [...tiles, ...windows].filter((crop) => crop === identicalCrop).length;
  return { scored: assemble(input, tiles, windows), identicalTiles };
}

const identicalCrop: ScoredCrop = { score: 1, cells: null };

async function scoreCrop(
  { encoders, target, work }: ComparisonInput,
  level: 'tiles' | 'windows',
  index: number,
  pair: CropPair | null,
): Promise<ScoredCrop> {
  const known = target[level][index];
  if (!pair || pair.render.sha256 === (pair.target ?? known)?.sha256) return identicalCrop;
  const [wanted, { vector, cells }] = await Promise.all([
    known ?? target.encode(level, index, pair.target!, encoders, work),
    encoders.embed(pair.render, work),
  ]);
  return {
    score: tileSimilarity(wanted.features.vector, vector),
    cells: cellSimilarities(wanted.features.cells, cells),
  };
}

function assemble(input: ComparisonInput, tiles: readonly ScoredCrop[], windows: readonly ScoredCrop[]): Scored {
  const { target, compared, alignment, text } = input;
  const { size } = target;
  const scores = tiles.map(({ score }) => score);
  return {
    terms: {
      ...tileTerms(scores, alignment),
      windows: windows.length > 0 ? meanScore(windows.map(({ score }) => score)) : null,
      size: sizeNearness(size, compared.size),
      aspect: aspectNearness(size, compared.size),
      colour: compared.images.colour,
      text,
      shiftTolerant: compared.images.score,
    },
    tiles: target.areas.map((area, index) => ({ ...area, score: scores[index]! })),
    windows: target.windowBoxes.map((box, index) => ({ index, level: 'window', box, score: windows[index]!.score })),
    shift: compared.images.shift,
    map: assembleScoreMap({
      size,
      crops: windows.length > 0 ? windowCells(input, windows) : tileCells(input, tiles),
      differences: compared.images.differences,
    }),
  };
}

/** Without the thumbnail, which shows every place a second time. */
function tileCells({ target, encoders }: ComparisonInput, tiles: readonly ScoredCrop[]): CropScores[] {
  return target.areas.flatMap(({ level, box }, index) =>
    level === 'tile' ? [{ ...encoders.cellGrid, box, scores: tiles[index]!.cells }] : [],
  );
}

/** A window is a whole tile, also where the target ends before it. */
function windowCells({ target, encoders }: ComparisonInput, windows: readonly ScoredCrop[]): CropScores[] {
  return target.windowBoxes.map((box, index) => ({
    ...encoders.cellGrid,
    box: { ...box, width: tileSide, height: tileSide },
    scores: windows[index]!.cells,
  }));
}
