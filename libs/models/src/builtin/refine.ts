import type { Box, Edit, Size, Task } from '@pentimento/contracts';
import { detailAt, layerPixels, lengthOf, thinned, traceLayer, type Source, type Variation } from './detail.ts';
import { applied, insertion, removal, writable } from './edits.ts';
import { covers, nextDetail, overlap, type Group } from './groups.ts';
import type { Layer } from './shapes.ts';
import { wholeOf, type Writer } from './writers/index.ts';

/** Most pixels traced for one reply, over all its patches. */
const replyPixels = 1_200_000;

export interface Region {
  box: Box;
  source: Source;
}

/**
 * Traces each region one level finer than the code has it, within `limit` characters of code. Regions that cannot be
 * read, or that another region covers, are left out.
 */
export async function traceRegions(
  regions: readonly Region[],
  groups: readonly Group[],
  size: Size,
  limits: { characters: number; variation: Variation; signal?: AbortSignal },
): Promise<Layer[]> {
  const { characters, variation, signal } = limits;
  const wanted = regions.filter(
    ({ box }, index) =>
      !regions.some((other, at) => at !== index && covers(other.box, box) && (at < index || !covers(box, other.box))),
  );
  const pixels = Math.min(layerPixels, replyPixels / Math.max(1, wanted.length));
  const layers = await Promise.all(
    wanted.map(async ({ box, source }) => {
      const level = nextDetail(box, groups);
      return traceLayer(source, box, level, detailAt(level, size, variation), pixels);
    }),
  );
  signal?.throwIfAborted();
  return withinLimit(
    layers.filter((layer) => layer !== undefined),
    characters,
  );
}

/** Layers that are short enough stay whole; the others share what is left. */
function withinLimit(layers: readonly Layer[], characters: number): Layer[] {
  const lengths = layers.map(lengthOf);
  const shortest = [...lengths].sort((a, b) => a - b);
  let [left, share] = [characters, Infinity];
  for (const [index, length] of shortest.entries()) {
    share = left / (shortest.length - index);
    if (length > share) break;
    left -= length;
    share = Infinity;
  }
  return layers.map((layer) => thinned(layer, share));
}

/**
 * Edits that lay the layers over the code: finer groups stand above coarser ones, and a group that a new layer covers
 * and does not coarsen goes. Undefined where the code has no place for them.
 */
export function editsFor(
  code: string,
  layers: readonly Layer[],
  writer: Writer,
  size: Size,
  spare: number,
): Edit[] | undefined {
  const opening = writer.opening(code, size);
  if (!opening) return undefined;
  const groups = writer.groups(code);
  const gone = removable(groups, layers, spare);
  const places = new Map<Group | undefined, string[]>();
  for (const layer of [...layers].sort((a, b) => a.detail - b.detail)) {
    const above = groups.find(
      (group) => !gone.has(group) && group.detail > layer.detail && overlap(group.box, layer.box),
    );
    places.set(above, [...(places.get(above) ?? []), writer.layer(layer, size, opening.frame)]);
  }
  const edits = runsOf(groups, gone, code).map(([start, end]) => removal(code, start, end));
  for (const [above, texts] of places) {
    const text = texts.join('\n');
    if (above) edits.push(insertion(code, above.start, code.indexOf('\n', above.start) - above.start, `${text}\n`));
    else edits.push(insertion(code, opening.at, opening.length, opening.wrap(text)));
  }
  return edits.every(writable) && applied(code, edits) !== undefined ? edits : undefined;
}

/** Groups under a new layer; taking one out costs its length in the reply, so the shortest go first. */
function removable(groups: readonly Group[], layers: readonly Layer[], spare: number): Set<Group> {
  const hidden = groups
    .filter((group) => layers.some((layer) => layer.detail >= group.detail && covers(layer.box, group.box)))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  let left = spare;
  return new Set(hidden.filter((group) => (left -= group.end - group.start) >= 0));
}

/** Neighbouring groups that go, as one stretch of code each. */
function runsOf(groups: readonly Group[], gone: ReadonlySet<Group>, code: string): [start: number, end: number][] {
  const runs: [number, number][] = [];
  for (const group of groups) {
    if (!gone.has(group)) continue;
    const last = runs.at(-1);
    if (last && code.slice(last[1], group.start).trim() === '') last[1] = group.end;
    else runs.push([group.start, group.end]);
  }
  return runs;
}

/** The regions of a task's patches: each crop, or its place in the target's image where the crop cannot be had. */
export function regionsOf(task: Task, sources: (image: number, box: Box) => Source | undefined): Region[] {
  return task.patches.flatMap(({ box, target }) => {
    const inside = clipped(box, task.size);
    const source = inside && sources(target, inside);
    return source ? [{ box: inside, source }] : [];
  });
}

function clipped(box: Box, size: Size): Box | undefined {
  const width = Math.min(box.width, size.width - box.x);
  const height = Math.min(box.height, size.height - box.y);
  return width > 0 && height > 0 ? { ...wholeOf({ width, height }), x: box.x, y: box.y } : undefined;
}
