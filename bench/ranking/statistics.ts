/** Ranks from 1; equal values share their mean rank. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranked = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]!.value === order[start]!.value) end++;
    for (let rank = start; rank < end; rank++) ranked[order[rank]!.index] = (start + end + 1) / 2;
    start = end;
  }
  return ranked;
}

/** Spearman's rank correlation; 0 where one side does not vary. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length + 1) / 2;
  let [both, left, right] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [dx, dy] = [x[index]! - middle, y[index]! - middle];
    both += dx * dy;
    left += dx * dx;
    right += dy * dy;
  }
  return left === 0 || right === 0 ? 0 : both / Math.sqrt(left * right);
}

/** Chance that a value of `higher` is above one of `lower`; equal values count half. */
export function areaUnderCurve(higher: readonly number[], lower: readonly number[]): number {
  let wins = 0;
  for (const a of higher) for (const b of lower) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (higher.length * lower.length);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
