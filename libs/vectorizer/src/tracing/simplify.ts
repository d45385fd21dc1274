import type { Ring } from './shapes.ts';

/**
 * A closed ring with the points left out that lie within `tolerance` of the line between the points kept
 * (Ramer-Douglas-Peucker from the first point and the one farthest from it). Repeats of the first point are dropped.
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  const open = withoutRepeats(ring);
  const count = open.length / 2;
  if (count < 4 || tolerance <= 0) return open;
  const far = farthest(open, 0);
  const kept = new Uint8Array(count + 1);
  kept[0] = kept[far] = kept[count] = 1;
  const spans: [number, number][] = [
    [0, far],
    [far, count],
  ];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const middle = farthestPoint(open, span, tolerance);
    if (middle === undefined) continue;
    kept[middle] = 1;
    spans.push([span[0], middle], [middle, span[1]]);
  }
  return open.filter((_, index) => kept[index >> 1]);
}

function withoutRepeats(ring: Ring): Ring {
  const points: number[] = [];
  for (let at = 0; at < ring.length; at += 2) {
    if (at === 0 || ring[at] !== points.at(-2) || ring[at + 1] !== points.at(-1)) points.push(ring[at]!, ring[at + 1]!);
  }
  const closed = points.length > 2 && points[0] === points.at(-2) && points[1] === points.at(-1);
  return closed ? points.slice(0, -2) : points;
}

function farthest(ring: Ring, from: number): number {
  let [best, furthest] = [0, -1];
  for (let index = 0; index < ring.length / 2; index++) {
    const far = (ring[index * 2]! - ring[from * 2]!) ** 2 + (ring[index * 2 + 1]! - ring[from * 2 + 1]!) ** 2;
    if (far > furthest) [best, furthest] = [index, far];
  }
  return best;
}

/** The point between the ends of a span that lies farthest from their line, if beyond the tolerance. */
function farthestPoint(ring: Ring, [from, to]: readonly [number, number], tolerance: number): number | undefined {
  const last = (to * 2) % ring.length;
  const [x, y] = [ring[from * 2]!, ring[from * 2 + 1]!];
  const [acrossX, acrossY] = [ring[last]! - x, ring[last + 1]! - y];
  const length = Math.hypot(acrossX, acrossY) || 1;
  let found: number | undefined;
  let furthest = tolerance;
  for (let index = from + 1; index < to; index++) {
    const far = Math.abs((ring[index * 2]! - x) * acrossY - (ring[index * 2 + 1]! - y) * acrossX) / length;
    if (far > furthest) [found, furthest] = [index, far];
  }
  return found;
}
