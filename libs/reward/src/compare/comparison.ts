import type { Box } from '@pentimento/contracts';
import { cellSimilarities, type EncoderPool, tileSimilarity, type Work } from '@pentimento/encoder';
import { tileSide } from '@pentimento/imaging';
import type { Scored } from '../terms/plain-cases.ts';
import { mapGrid } from '../terms/pixel-cells.ts';
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
  /** Takes what the comparison came to. */
  keep: (scored: Scored) => void;
  counters: { identicalTiles: number };
}

export type Judged = { beats: true; scored: Scored } | { beats: false; bound: number; evaluated: number; of: number };

/** A crop's score and those of its cells; of one that is the same in both, no cells. */
interface ScoredCrop {
  score: number;
  cells: ArrayLike<number> | null;
}

/** One render against its target, crop by crop. */
export class Comparison {
  readonly #input: ComparisonInput;

  constructor(input: ComparisonInput) {
    this.#input = input;
  }

  /** All terms, by all crops. */
  async finish(): Promise<Scored> {
    const { compared } = this.#input;
    const [tiles, windows] = await Promise.all([
      Promise.all(compared.tiles.map((pair, index) => this.#score('tiles', index, pair))),
      Promise.all(compared.windows.map((pair, index) => this.#score('windows', index, pair))),
    ]);
    const scored = this.#assemble(tiles, windows);
    this.#input.keep(scored);
    return scored;
  }

  /**
   * The full score where it is above `best`, else a bound of it. The crops that differ most in their pixels come first. A crop
   * that was not looked at counts as 1, and rounding keeps the order of sums, so that the bound is never under the score.
   */
  async judge(best: number): Promise<Judged> {
    const { target, compared, alignment } = this.#input;
    const scores = compared.tiles.map(() => 1);
    const open = compared.tiles
      .map((pair, index) => ({ pair, index, difference: this.#differenceIn(target.areas[index]!.box) }))
      .filter(({ pair, index }) => pair && pair.render.sha256 !== (pair.target ?? target.tiles[index]!).sha256)
      .sort((a, b) => b.difference - a.difference || b.index - a.index);
    for (const [place, { pair, index }] of open.entries()) {
      const { overall: bound } = tileTerms(scores, alignment);
      if (bound <= best)
        return { beats: false, bound, evaluated: scores.length - open.length + place, of: scores.length };
      scores[index] = (await this.#score('tiles', index, pair)).score;
    }
    const { overall } = tileTerms(scores, alignment);
    if (overall <= best) return { beats: false, bound: overall, evaluated: scores.length, of: scores.length };
    return { beats: true, scored: await this.finish() };
  }

  async #score(level: 'tiles' | 'windows', index: number, pair: CropPair | null): Promise<ScoredCrop> {
    const { encoders, target, work, counters } = this.#input;
    const known = target[level][index];
    if (!pair || pair.render.sha256 === (pair.target ?? known)?.sha256) {
      counters.identicalTiles++;
      return { score: 1, cells: null };
    }
    const [wanted, { vector, cells }] = await Promise.all([
      known ?? target.encode(level, index, pair.target!, encoders, work),
      encoders.embed(pair.render, work),
    ]);
    return {
      score: tileSimilarity(wanted.features.vector, vector),
      cells: cellSimilarities(wanted.features.cells, cells),
    };
  }

  #assemble(tiles: readonly ScoredCrop[], windows: readonly ScoredCrop[]): Scored {
    const { target, compared, alignment, text } = this.#input;
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
        crops: windows.length > 0 ? this.#windowCells(windows) : this.#tileCells(tiles),
        differences: compared.images.differences,
      }),
    };
  }

  /** The thumbnail has the same place a second time. */
  #tileCells(tiles: readonly ScoredCrop[]): CropScores[] {
    const { target, encoders } = this.#input;
    return target.areas.flatMap(({ level, box }, index) =>
      level === 'tile' ? [{ ...encoders.cellGrid, box, scores: tiles[index]!.cells }] : [],
    );
  }

  /** A window is a whole tile, also where the target ends before it. */
  #windowCells(windows: readonly ScoredCrop[]): CropScores[] {
    const { target, encoders } = this.#input;
    return target.windowBoxes.map((box, index) => ({
      ...encoders.cellGrid,
      box: { ...box, width: tileSide, height: tileSide },
      scores: windows[index]!.cells,
    }));
  }

  /** Mean difference of the pixels of a box. */
  #differenceIn(box: Box): number {
    const { target, compared } = this.#input;
    const { differences } = compared.images;
    const { size } = target;
    const { columns, rows } = mapGrid(size);
    const first = { column: Math.floor((box.x * columns) / size.width), row: Math.floor((box.y * rows) / size.height) };
    const last = {
      column: Math.min(columns, Math.ceil(((box.x + box.width) * columns) / size.width)),
      row: Math.min(rows, Math.ceil(((box.y + box.height) * rows) / size.height)),
    };
    let sum = 0;
    for (let row = first.row; row < last.row; row++) {
      for (let column = first.column; column < last.column; column++) sum += differences[row * columns + column]!;
    }
    return sum / Math.max(1, (last.row - first.row) * (last.column - first.column));
  }
}
