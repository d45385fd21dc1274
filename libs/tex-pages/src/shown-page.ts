import { overfullOf, type Room, type TexDocument, type TexJob, type TexRun } from '@pentimento/runtimes';
import {
  boxOf,
  closeEdges,
  closeRegions,
  closestEdges,
  closestRegion,
  densities,
  doubtfulSides,
  type Edges,
} from './ink-box.ts';
import { readPage, type Page } from './page.ts';
import { inkOf, readPgm, type Ink } from './pgm.ts';

/** The page that is shown, and how many the document has. */
export interface ShownPage extends Page {
  number: number;
  count: number;
  /** In points from the left top, to the nearest point or two; undefined where it was not looked for. */
  ink: Ink | undefined;
}

/** No page of a document that starts with so many blank ones is looked for. */
const maxBlankPages = 20;
/** Of a page in points. It is as many pixels. */
const maxPagePixels = 16_000_000;
const maxEdgeBytes = 64 * 1024 * 1024;
const wholePage = { left: 0, top: 0, width: 0, height: 0 };

/** A page of more square points than are looked at. */
export class PageTooLargeError extends Error {
  override name = 'PageTooLargeError';
  readonly page: Page;
  constructor(page: Page) {
    super('The page is too large.');
    this.page = page;
  }
}

/**
 * The first page that shows something; of a document with a single page that is not cropped, or with `first`, the first one. Undefined where there is none,
 * `blank` where all are.
 *
 * @throws PageTooLargeError; InvalidImageError where the sandbox answers with no image.
 */
export async function findPage(
  job: TexJob,
  crop: TexDocument['crop'],
  run: TexRun,
  first: boolean,
): Promise<ShownPage | 'blank' | undefined> {
  const count = pagesOf(run);
  for (let number = 1; number <= maxBlankPages; number++) {
    const page = readPage(await job.layout(number));
    if (!page) return number === 1 ? undefined : 'blank';
    const shown = { ...page, number, count };
    if (first || (count === 1 && crop !== 'ink')) return { ...shown, ink: undefined };
    if (Math.ceil(page.width) * Math.ceil(page.height) > maxPagePixels) throw new PageTooLargeError(page);
    const [gray] = await job.grays(number, 72, [wholePage], maxPagePixels + 64);
    const pixels = readPgm(gray!);
    const ink = pixels && inkOf(pixels);
    if (ink) return { ...shown, ink };
  }
  return 'blank';
}

const pagesOf = ({ log }: TexRun): number =>
  Number(/^Output written on main\.pdf \((\d{1,6}) pages?[,)]/m.exec(log.slice(-2048))?.[1] ?? 1);

/** Makes the part of the page with ink what is shown. Returns its size. @throws InvalidImageError as `findPage`. */
export async function cropToInk(job: TexJob, page: ShownPage, ink: Ink): Promise<Page> {
  const box = boxOf(await edgesOf(job, page, ink), page.height);
  job.crop(page.number, box);
  return { width: box.right - box.left, height: box.top - box.bottom, text: page.text };
}

async function edgesOf(job: TexJob, { number, height }: ShownPage, ink: Ink): Promise<Edges> {
  const edges = closeEdges(ink, await job.grays(number, densities.close, closeRegions(ink), maxEdgeBytes));
  const sides = doubtfulSides(edges, height);
  if (sides.length === 0) return edges;
  const regions = sides.map((side) => closestRegion(edges, side));
  return closestEdges(edges, sides, await job.grays(number, densities.closest, regions, maxEdgeBytes));
}

/** Height of the text of a page of a snippet, in TeX points. */
const textHeight = 550;
/** TeX has no longer lengths. */
const maxRoom = 12_000;

/** What a page needs in addition where its ink ends at its edge because something is too large for it, or a snippet for one page. */
export function missingRoom(
  { width, height, count, ink }: ShownPage,
  run: TexRun,
  isSnippet: boolean,
): Room | undefined {
  const overfull = overfullOf(run);
  // Ink at the opposite edge too is a ground.
  const right = ink && ink.left > 0 && ink.right >= Math.floor(width) ? overfull.right : 0;
  const tooTall = ink && ink.top > 0 && ink.bottom >= Math.floor(height) ? overfull.below : 0;
  const below = isSnippet && count > 1 ? count * textHeight : tooTall;
  return right > 0 || below > 0 ? { right: Math.min(right, maxRoom), below: Math.min(below, maxRoom) } : undefined;
}
