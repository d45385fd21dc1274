import type { Box, Size } from '@pentimento/contracts';
import { cellSimilarities } from './encoder/cells.ts';
import type { Embedder, Work } from './encoder/embedder.ts';
import { tileSimilarity } from './encoder/similarity.ts';
import type { CutImage, ImageComparison } from './encoder/worker-messages.ts';
import { tileSide } from './pixels/grid.ts';
import type { EncodedTarget } from './target.ts';
import type { Scored } from './terms/plain-cases.ts';
import { mapGrid } from './terms/pixel-cells.ts';
import { assembleScoreMap, type CropScores } from './terms/score-map.ts';
import { aspectNearness, sizeNearness } from './terms/size.ts';
import { meanScore, tileTerms } from './terms/terms.ts';

export interface ComparisonInput {
  embedder: Embedder;
  wanted: EncodedTarget;
  /** The render, stretched to the target's size. */
  cut: CutImage;
  work: Work;
  /** Of the target and of the render before it was stretched. */
  sizes: [target: Size, render: Size];
  alignment: 0 | 1;
  text: number | null;
  counters: { identicalTiles: number };
}

export type Judged = { beats: true; scored: Scored } | { beats: false; bound: number; evaluated: number; of: number };

/** A crop's score and those of its cells. */
interface ScoredCrop {
  score: number;
  cells: ArrayLike<number>;
}

/** One render against its target, crop by crop. */
export class Comparison {
  readonly #input: ComparisonInput;
  readonly #images: Promise<ImageComparison>;

  constructor(input: ComparisonInput) {
    this.#input = input;
    const { embedder, wanted, cut, work } = input;
    this.#images = embedder.compare(wanted.summary, cut.summary, work);
    this.#images.catch(() => {});
  }

  /** All terms, by all crops. */
  async finish(): Promise<Scored> {
    const { wanted, cut } = this.#input;
    const [images, tiles, windows] = await Promise.all([
      this.#images,
      Promise.all(cut.tiles.map((tile, index) => this.#score(wanted.tiles[index]!, tile))),
      Promise.all(cut.windows.map((window, index) => this.#score(wanted.windows[index]!, window))),
    ]);
    return this.#assemble(images, tiles, windows);
  }

  /**
   * The full score where it is above `best`, else a bound of it. The crops that differ most in their pixels come first. A crop
   * that was not looked at counts as 1, and rounding keeps the order of sums, so that the bound is never under the score.
   */
  async judge(best: number): Promise<Judged> {
    const { wanted, cut, alignment } = this.#input;
    const { differences } = await this.#images;
    const scores = cut.tiles.map(() => 1);
    const open = cut.tiles
      .map((tile, index) => ({ tile, index, difference: this.#differenceIn(differences, tile.box) }))
      .filter(({ tile, index }) => tile.sha256 !== wanted.tiles[index]!.sha256)
      .sort((a, b) => b.difference - a.difference || b.index - a.index);
    for (const [place, { tile, index }] of open.entries()) {
      const { overall: bound } = tileTerms(scores, alignment);
      if (bound <= best)
        return { beats: false, bound, evaluated: scores.length - open.length + place, of: scores.length };
      scores[index] = (await this.#score(wanted.tiles[index]!, tile)).score;
    }
    const { overall } = tileTerms(scores, alignment);
    if (overall <= best) return { beats: false, bound: overall, evaluated: scores.length, of: scores.length };
    return { beats: true, scored: await this.finish() };
  }

  async #score(
    wanted: EncodedTarget['tiles'][number] | EncodedTarget['windows'][number],
    crop: { sha256: string; pixels: Uint8Array },
  ): Promise<ScoredCrop> {
    const { embedder, work, counters } = this.#input;
    if (crop.sha256 === wanted.sha256) {
      counters.identicalTiles++;
      const { columns, rows } = embedder.cellGrid;
      return { score: 1, cells: new Float32Array(columns * rows).fill(1) };
    }
    const { vector, cells } = await embedder.embed(crop, work);
    return {
      score: tileSimilarity(wanted.features.vector, vector),
      cells: cellSimilarities(wanted.features.cells, cells),
    };
  }

  #assemble(images: ImageComparison, tiles: readonly ScoredCrop[], windows: readonly ScoredCrop[]): Scored {
    const { cut, sizes, alignment, text } = this.#input;
    const scores = tiles.map(({ score }) => score);
    return {
      terms: {
        ...tileTerms(scores, alignment),
        windows: windows.length > 0 ? meanScore(windows.map(({ score }) => score)) : null,
        size: sizeNearness(...sizes),
        aspect: aspectNearness(...sizes),
        colour: images.colour,
        text,
        shiftTolerant: images.score,
      },
      tiles: cut.tiles.map(({ index, level, box }) => ({ index, level, box, score: scores[index]! })),
      windows: cut.windows.map(({ box }, index) => ({ index, level: 'window', box, score: windows[index]!.score })),
      shift: images.shift,
      map: assembleScoreMap({
        size: sizes[0],
        crops: windows.length > 0 ? this.#windowCells(windows) : this.#tileCells(tiles),
        differences: images.differences,
      }),
    };
  }

  #tileCells(tiles: readonly ScoredCrop[]): CropScores[] {
    const { cut, embedder } = this.#input;
    return cut.tiles.flatMap(({ level, box }, index) =>
      level === 'tile' ? [{ ...embedder.cellGrid, box, scores: tiles[index]!.cells }] : [],
    );
  }

  /** A window is a whole tile, also where the target ends before it. */
  #windowCells(windows: readonly ScoredCrop[]): CropScores[] {
    const { cut, embedder } = this.#input;
    return cut.windows.map(({ box }, index) => ({
      ...embedder.cellGrid,
      box: { ...box, width: tileSide, height: tileSide },
      scores: windows[index]!.cells,
    }));
  }

  /** Mean difference of the pixels of a box. */
  #differenceIn(differences: Float32Array, box: Box): number {
    const [size] = this.#input.sizes;
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
