import type { Box, Edit, Size, Task } from '@pentimento/contracts';
import {
  coarser,
  detailAt,
  layerPixels,
  traceLayer,
  type Measure,
  type Traced,
  type Variation,
} from './tracing/detail.ts';
import { applied, insertion, removal, writable } from './edits.ts';
import { covers, lengthOfGroups, nextDetail, overlap, type Group } from './writers/groups.ts';
import type { Raster } from './tracing/raster.ts';
import type { Layer } from './tracing/shapes.ts';
import type { Writer } from './writers/index.ts';

/** Most pixels traced for one reply, over all its patches. */
const replyPixels = 1_200_000;

/** A box to trace, the level to trace it at, and how to get its pixels. */
export interface TraceRegion {
  box: Box;
  detail: number;
  read: () => Promise<Raster | undefined>;
}

/** The regions of a task's patches, each one level finer than the code has it. Boxes outside of the target are left out. */
export function regionsOf(
  { patches, size }: Task,
  groups: readonly Group[],
  read: (image: number, box: Box) => Promise<Raster | undefined>,
): TraceRegion[] {
  return withoutCovered(
    patches
      .filter(({ box }) => box.x < size.width && box.y < size.height)
      .map(({ box, target }) => ({ box: clipped(box, size), target }))
      .flatMap(({ box, target }) =>
        target === null ? [] : [{ box, detail: nextDetail(box, groups), read: () => read(target, box) }],
      ),
  );
}

function clipped({ x, y, width, height }: Box, size: Size): Box {
  return { x, y, width: Math.min(width, size.width - x), height: Math.min(height, size.height - y) };
}

export interface RegionLimits {
  /** Of all layers together. */
  characters: number;
  measure: Measure;
  variation: Variation;
  signal?: AbortSignal;
}

/**
 * Traces the regions within `characters` of code, in order. Those that cannot be read are left out; so are the last ones
 * where the code would become too long.
 */
export async function traceRegions(
  regions: readonly TraceRegion[],
  size: Size,
  limits: RegionLimits,
): Promise<Layer[]> {
  const { variation, signal } = limits;
  const pixels = Math.min(layerPixels, replyPixels / Math.max(1, regions.length));
  const traced = await Promise.all(
    regions.map(async ({ box, detail: level, read }): Promise<Traced | undefined> => {
      const raster = await read();
      signal?.throwIfAborted();
      const detail = detailAt(level, size, variation);
      return raster && { raster, detail, layer: await traceLayer(raster, box, level, detail, pixels) };
    }),
  );
  signal?.throwIfAborted();
  return fitted(
    traced.filter((item) => item !== undefined),
    limits,
  );
}

/** Regions that none of the others covers. */
function withoutCovered(regions: readonly TraceRegion[]): TraceRegion[] {
  return regions.filter(
    ({ box }, index) =>
      !regions.some((other, at) => at !== index && covers(other.box, box) && (at < index || !covers(box, other.box))),
  );
}

/** A layer may take this many times its even share of the characters that are left. */
const generosity = 1.6;

/**
 * Layers in order of need while there is room. A first visit is traced more coarsely where it is too long, so that all
 * regions gain; a later visit waits for another prompt instead, since a coarser trace would undo what is there.
 */
async function fitted(traced: readonly Traced[], { characters, measure, signal }: RegionLimits): Promise<Layer[]> {
  const layers: Layer[] = [];
  let left = characters;
  for (const [index, item] of traced.entries()) {
    const share = Math.min(left, (left / (traced.length - index)) * generosity);
    const limit = item.layer.detail === 1 ? share : left;
    const fits = measure(item.layer) <= limit;
    if (!fits && item.layer.detail > 1 && layers.length > 0) continue;
    const layer = fits ? item.layer : await coarser(item, limit, measure);
    signal?.throwIfAborted();
    layers.push(layer);
    left -= measure(layer);
  }
  return layers;
}

/** Groups under a new layer that is no coarser, and so never seen again. */
export function hiddenGroups(groups: readonly Group[], layers: readonly Pick<Layer, 'box' | 'detail'>[]): Group[] {
  return groups.filter((group) => layers.some((layer) => layer.detail >= group.detail && covers(layer.box, group.box)));
}

/**
 * Edits that lay the layers over the code: finer groups stand above coarser ones, and hidden groups go while they are
 * removing at most `removable` characters. Undefined where layers cannot be added to the code.
 */
export function editsFor(
  code: string,
  layers: readonly Layer[],
  writer: Writer,
  { size, deviceScale = 1 }: Pick<Task, 'size' | 'deviceScale'>,
  removable: number,
): Edit[] | undefined {
  const opening = writer.opening(code, size, deviceScale);
  if (!opening) return undefined;
  const groups = writer.groups(code);
  const gone = shortestWithin(hiddenGroups(groups, layers), removable);
  const textsAbove = new Map<Group | undefined, string[]>();
  for (const layer of [...layers].sort((a, b) => a.detail - b.detail)) {
    const above = groups.find(
      (group) => !gone.has(group) && group.detail > layer.detail && overlap(group.box, layer.box),
    );
    textsAbove.set(above, [...(textsAbove.get(above) ?? []), writer.layer(layer, size, opening.frame)]);
  }
  const edits = runsOf(groups, gone, code).map(([start, end]) => removal(code, start, end));
  for (const [above, texts] of textsAbove) {
    const text = texts.join('\n');
    if (above) edits.push(insertion(code, above.start, code.indexOf('\n', above.start) - above.start, `${text}\n`));
    else edits.push(insertion(code, opening.at, opening.length, `${lineStart(code, opening.at)}${opening.wrap(text)}`));
  }
  return edits.every(writable) && applied(code, edits) !== undefined ? edits : undefined;
}

/** A layer begins on a new line, so that it can be found again. */
function lineStart(code: string, at: number): string {
  return at === 0 || code[at - 1] === '\n' ? '' : '\n';
}

/** Taking a group out costs its length in the reply. */
function shortestWithin(groups: readonly Group[], removable: number): Set<Group> {
  let left = removable;
  return new Set(
    [...groups]
      .sort((a, b) => lengthOfGroups([a]) - lengthOfGroups([b]))
      .filter((group) => (left -= lengthOfGroups([group])) >= 0),
  );
}

/** Neighboring groups that go, as one stretch of code each. */
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
