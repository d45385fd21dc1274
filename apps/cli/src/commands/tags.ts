import { tagSchema, tagSet } from '@pentimento/contracts';
import { requireClient } from '../server/server.ts';
import { exitCodes, usageError, type ExitCode } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface TagOptions {
  server?: string;
  json?: boolean;
  remove: string[];
}

/** Adds tags to a job and removes others, or only shows them where none are named. Prints the tags that it has then. */
export async function tag(id: string, added: string[], options: TagOptions, terminal: Terminal): Promise<ExitCode> {
  const { remove: removed } = options;
  for (const named of [...added, ...removed]) mustBeTag(named);
  const client = await requireClient(options.server, terminal.settings);
  const before = await client.getJob(id);
  const tags = tagSet([...before.tags, ...added]).filter((each) => !removed.includes(each));
  const job = added.length + removed.length > 0 ? await client.setTags(id, tags) : before;
  if (options.json) terminal.data(JSON.stringify(job));
  else if (job.tags.length > 0) terminal.data(job.tags.join('\n'));
  else terminal.progress('The job has no tags.');
  return exitCodes.done;
}

function mustBeTag(tag: string): void {
  const { error } = tagSchema.safeParse(tag);
  if (error) throw usageError(`"${tag}" is no tag. ${error.issues[0]!.message}`);
}
