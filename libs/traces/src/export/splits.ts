import type { BlobId, ExportOptions } from '@pentimento/contracts';

export type Split = 'train' | 'validation' | 'test';

/** What is compared of a target to find nearly equal ones. */
export interface TargetFingerprint {
  /** Mean colors of a grid over the image, 0 to 255. */
  cells: Uint8Array;
  /** Width over height. */
  aspect: number;
}

/** Two targets are nearly equal up to these differences: of one cell, of the mean cell, and of the aspect ratio. */
const near = { cell: 32, mean: 2.5, aspect: 0.02 };

/**
 * Assigns targets to splits, so that no task, and no two tasks with nearly equal targets (another size, compressed again, shifted by a pixel), are in
 * two of them. It depends on the targets and shares alone, not on their order. A split's share is kept on average, and is off where
 * many targets are nearly equal.
 */
export async function planSplits(
  targets: AsyncIterable<BlobId>,
  shares: ExportOptions['splits'],
  fingerprintOf: (target: BlobId) => Promise<TargetFingerprint | null>,
): Promise<(target: BlobId) => Split> {
  if (shares.validation + shares.test === 0) return () => 'train';
  const items: Item[] = [];
  for await (const target of targets) {
    const fingerprint = await fingerprintOf(target);
    if (fingerprint) items.push({ target, ...fingerprint, mean: meanOf(fingerprint.cells) });
  }
  const groups = nearDuplicates(items);
  return (target) => splitAt(positionOf(groups.get(target) ?? target), shares);
}

interface Item extends TargetFingerprint {
  target: BlobId;
  mean: number;
}

const meanOf = (cells: Uint8Array): number => cells.reduce((sum, value) => sum + value, 0) / cells.length;

/** Where a blob id lies among all, 0 to 1: a hash is evenly spread. */
const positionOf = (id: BlobId): number => Number.parseInt(id.slice(0, 12), 16) / 16 ** 12;

function splitAt(position: number, { validation, test }: ExportOptions['splits']): Split {
  if (position < test) return 'test';
  return position < test + validation ? 'validation' : 'train';
}

/** For each target, the smallest id of those that are nearly equal to it, directly or through others. */
function nearDuplicates(items: Item[]): Map<BlobId, BlobId> {
  const representatives = new Map(items.map(({ target }) => [target, target]));
  const find = (target: BlobId): BlobId => {
    let found = target;
    while (representatives.get(found)! !== found) found = representatives.get(found)!;
    representatives.set(target, found);
    return found;
  };
  // Images whose means differ by more than the bound cannot be near, so that only neighbors by mean are compared.
  const sorted = items.toSorted((a, b) => a.mean - b.mean || (a.target < b.target ? -1 : 1));
  for (const [index, item] of sorted.entries()) {
    for (let next = index + 1; next < sorted.length && sorted[next]!.mean - item.mean <= near.mean; next++) {
      if (!isNear(item, sorted[next]!)) continue;
      const [a, b] = [find(item.target), find(sorted[next]!.target)];
      representatives.set(a < b ? b : a, a < b ? a : b);
    }
  }
  return new Map(items.map(({ target }) => [target, find(target)]));
}

function isNear(a: Item, b: Item): boolean {
  if (Math.abs(a.aspect / b.aspect - 1) > near.aspect) return false;
  let sum = 0;
  for (let index = 0; index < a.cells.length; index++) {
    const difference = Math.abs(a.cells[index]! - b.cells[index]!);
    if (difference > near.cell) return false;
    sum += difference;
  }
  return sum <= near.mean * a.cells.length;
}
