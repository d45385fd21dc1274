import type { StoredAmount } from '@pentimento/contracts';
import { formatStored } from '../output/storage.ts';
import { requireClient } from '../server/server.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface PruneOptions {
  server?: string;
  json?: boolean;
  days?: number;
  keep?: number;
  strayFiles?: boolean;
  dryRun?: boolean;
}

/** Prunes by the settings of the server, or by the limits that are given. A dry run only shows what would be deleted. */
export async function prune(options: PruneOptions, terminal: Terminal): Promise<ExitCode> {
  const { days: maxAgeDays, keep: maxJobs, strayFiles = false } = options;
  const client = await requireClient(options.server, terminal.settings);
  const request = { maxAgeDays, maxJobs, strayFiles };
  const result = options.dryRun ? await client.getStorage(request) : await client.pruneStorage(request);
  if (options.json) {
    terminal.data(JSON.stringify(result));
    return exitCodes.done;
  }
  const [words, amount]: [string, StoredAmount] =
    'deleted' in result ? ['deleted', result.deleted] : ['would delete', result.prunable];
  terminal.data(`${words} ${formatStored(amount)}`);
  if (result.strayFiles) {
    const { files, bytes } = result.strayFiles;
    terminal.data(`${words} ${formatStored({ files, bytes })} that the database does not know`);
  }
  return exitCodes.done;
}
