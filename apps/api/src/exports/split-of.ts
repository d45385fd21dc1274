import type { ExportOptions } from '@pentimento/contracts';
import type { Split } from '@pentimento/traces';

/** The split of a task by its id, which is a hash: the same in every export with the same shares. */
export function splitOf(taskId: string, { validation, test }: ExportOptions['splits']): Split {
  const share = Number.parseInt(taskId.slice(0, 8), 16) / 2 ** 32;
  if (share < test) return 'test';
  return share < test + validation ? 'validation' : 'train';
}
