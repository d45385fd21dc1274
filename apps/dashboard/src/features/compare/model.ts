import type {
  Box,
  Candidate,
  Iteration,
  Job,
  RenderFailureKind,
  RewardTerms,
  ScoreMap,
  Size,
  TileScore,
} from '@pentimento/contracts';
import { formatScore } from '../../ui/format.ts';
import type { Point } from './viewport.ts';

export const modes = ['side', 'swipe', 'flip', 'onion', 'difference', 'tiles'] as const;
export type Mode = (typeof modes)[number];

export const modeLabels: Record<Mode, string> = {
  side: 'Side by side',
  swipe: 'Swipe',
  flip: 'Flip',
  onion: 'Onion',
  difference: 'Difference',
  tiles: 'Tile scores',
};

/** What a side of the comparison shows: the target, the selected or the best iteration, or one by number. */
export type Side = 'target' | 'selected' | 'best' | number;

export function writeSide(side: Side): string {
  return String(side);
}

export function parseSide(text: string | null, fallback: Side): Side {
  if (text === 'target' || text === 'selected' || text === 'best') return text;
  return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : fallback;
}

/** One side of the comparison: an image with its size, or the reason why there is none. */
export interface SideImage {
  /** Short name, e.g. "Target" or "Iteration 4". */
  label: string;
  /** Description for screen readers. */
  alt: string;
  image: string | null;
  size: Size;
  missing: string | null;
  candidate: Candidate | null;
}

const failureWords: Record<RenderFailureKind, string> = {
  syntax: 'the code has a syntax error',
  runtime: 'the code failed while it ran',
  timeout: 'the code ran out of time',
  memory: 'the code ran out of memory',
  blocked: 'the code did what the sandbox forbids',
  empty: 'the code drew nothing',
  'too-large': 'the image is too large',
  unavailable: 'the renderer was not available',
};

export const failureSentence = (kind: RenderFailureKind): string => failureWords[kind];

export function targetImage(job: Pick<Job, 'name' | 'target'>): SideImage {
  return {
    label: 'Target',
    alt: `Target ${job.name}, ${job.target.width} by ${job.target.height} pixels`,
    image: job.target.image,
    size: { width: job.target.width, height: job.target.height },
    missing: null,
    candidate: null,
  };
}

export function candidateImage(candidate: Candidate, target: Size): SideImage {
  const label = `Iteration ${candidate.iteration}`;
  const { render, reward } = candidate;
  if (render?.status === 'ok') {
    return {
      label,
      alt: `Render of iteration ${candidate.iteration}, score ${formatScore(reward.terms.overall)}${worstTileWords(reward.terms)}`,
      image: render.image,
      size: { width: render.width, height: render.height },
      missing: null,
      candidate,
    };
  }
  const missing = render
    ? `Iteration ${candidate.iteration} has no image: ${failureWords[render.kind]}.`
    : `Iteration ${candidate.iteration} has no image: the reply held no usable code.`;
  return { label, alt: missing, image: null, size: target, missing, candidate };
}

export function missingImage(label: string, missing: string, target: Size): SideImage {
  return { label, alt: missing, image: null, size: target, missing, candidate: null };
}

/** The candidate that represents an iteration: the best accepted one, else the best that rendered, else the first. */
export function representative(iteration: Pick<Iteration, 'candidates' | 'accepted'>): Candidate {
  const accepted = iteration.candidates.filter((candidate) => iteration.accepted.includes(candidate.id));
  const rendered = iteration.candidates.filter((candidate) => candidate.render?.status === 'ok');
  return bestOf(accepted) ?? bestOf(rendered) ?? iteration.candidates[0]!;
}

/** The first of those that score highest. */
function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.toSorted((a, b) => b.reward.terms.overall - a.reward.terms.overall)[0];
}

/** The frame that contains both images: the smaller one is padded at the right and bottom, not stretched. */
export function frameOf(left: Size, right: Size): Size {
  return { width: Math.max(left.width, right.width), height: Math.max(left.height, right.height) };
}

export function sameSize(left: Size, right: Size): boolean {
  return left.width === right.width && left.height === right.height;
}

/** The tiles to show: the 448 px ones, or the thumbnail where the image is a single tile. */
export function visibleTiles(tiles: readonly TileScore[]): TileScore[] {
  const fine = tiles.filter((tile) => tile.level === 'tile');
  return fine.length > 0 ? fine : tiles.filter((tile) => tile.level === 'thumbnail');
}

/** The cells of a score map that overlap a window of the target, as boxes in target pixels, row by row. */
export function mapCells(map: ScoreMap, target: Size, window: Box): (Box & { score: number })[] {
  const width = target.width / map.columns;
  const height = target.height / map.rows;
  const left = Math.max(0, Math.floor(window.x / width));
  const top = Math.max(0, Math.floor(window.y / height));
  const right = Math.min(map.columns, Math.ceil((window.x + window.width) / width));
  const bottom = Math.min(map.rows, Math.ceil((window.y + window.height) / height));
  const cells: (Box & { score: number })[] = [];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const score = map.scores[row * map.columns + column]!;
      cells.push({ x: column * width, y: row * height, width, height, score });
    }
  }
  return cells;
}

/** The score of the map's cell at a point in target pixels; undefined outside. */
export function scoreAt(map: ScoreMap, target: Size, point: { x: number; y: number }): number | undefined {
  if (point.x < 0 || point.y < 0 || point.x >= target.width || point.y >= target.height) return undefined;
  const column = Math.floor((point.x / target.width) * map.columns);
  const row = Math.floor((point.y / target.height) * map.rows);
  return map.scores[row * map.columns + column];
}

/** The box between two points of the image: whole pixels of the target, at least one. */
export function boxBetween(from: Point, to: Point, target: Size): Box {
  const [left, right] = wholeSpan(from.x, to.x, target.width);
  const [top, bottom] = wholeSpan(from.y, to.y, target.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function wholeSpan(a: number, b: number, length: number): [start: number, end: number] {
  const start = Math.min(length - 1, Math.max(0, Math.floor(Math.min(a, b))));
  return [start, Math.min(length, Math.max(start + 1, Math.ceil(Math.max(a, b))))];
}

export const gains = [1, 4, 16] as const;
export const layers = ['tiles', 'map'] as const;
type Layer = (typeof layers)[number];

/** The state of the viewer, apart from its images. */
export interface CompareState {
  mode: Mode;
  left: Side;
  right: Side;
  layer: Layer;
  gain: number;
  /** The tile grid over the images, in any mode. */
  grid: boolean;
}

function worstTileWords({ worstTile }: RewardTerms): string {
  return worstTile == null ? '' : `, worst tile ${formatScore(worstTile)}`;
}
