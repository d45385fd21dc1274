import {
  boxSchema,
  isFinal,
  settingsChangesSchema,
  type Box,
  type CreateIntervention,
  type Intervention,
  type Job,
} from '@pentimento/contracts';
import { readCode } from '../input/files.ts';
import { policyAndBudget } from '../input/policy-options.ts';
import { describeIssues } from '../output/api-error.ts';
import { oneLine } from '../output/one-line.ts';
import { requireClient } from '../server/server.ts';
import { exitCodes, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { table, type Terminal } from '../terminal/terminal.ts';

export interface InterventionOptions {
  server?: string;
  json?: boolean;
}

export interface BoxOptions extends InterventionOptions {
  box: string;
}

export interface EditOptions extends InterventionOptions {
  candidate?: string;
}

/** The fields of the policy and of the budget are read by `policyAndBudget`. */
export interface ContinueOptions extends InterventionOptions {
  model?: string;
}

/** Asks the model to fix a region, in words, until that is withdrawn. */
export const fix = (job: string, words: string, options: BoxOptions, terminal: Terminal): Promise<ExitCode> =>
  steer(job, { kind: 'fix', box: readBox(options.box), words }, options, terminal);

/** Locks a region, until that is withdrawn. */
export const lock = (job: string, options: BoxOptions, terminal: Terminal): Promise<ExitCode> =>
  steer(job, { kind: 'lock', box: readBox(options.box) }, options, terminal);

/** Adds code by hand as an iteration, from the best candidate where none is named. */
export async function edit(job: string, file: string, options: EditOptions, terminal: Terminal): Promise<ExitCode> {
  const code = await readCode(file, terminal);
  const client = await requireClient(options.server, terminal.settings);
  const candidate = options.candidate ?? (await client.getJob(job)).best?.candidate;
  if (!candidate) throw usageError('Nothing of the job has rendered: name the candidate to edit with --candidate.');
  return steer(job, { kind: 'edit', candidate, code }, options, terminal);
}

/** Lets the search go on from a candidate instead of the best. */
export const branch = (
  job: string,
  candidate: string,
  options: InterventionOptions,
  terminal: Terminal,
): Promise<ExitCode> => steer(job, { kind: 'branch', candidate }, options, terminal);

/** Lets an ended job go on, with the settings that are given. */
export const continueJob = (job: string, options: ContinueOptions, terminal: Terminal): Promise<ExitCode> =>
  steer(job, { kind: 'continue', ...readChanges(options) }, options, terminal);

/** The settings that are given; throws a usage error where one is wrong. */
export function readChanges(
  options: ContinueOptions,
): Pick<Extract<CreateIntervention, { kind: 'continue' }>, 'policy' | 'budget' | 'model'> {
  const { model } = options;
  const parsed = settingsChangesSchema.safeParse({
    ...policyAndBudget(options),
    ...(model !== undefined && { model }),
  });
  if (!parsed.success) throw usageError(describeIssues(parsed.error));
  return parsed.data;
}

/** A box as "x,y,width,height". */
function readBox(text: string): Box {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [x, y, width, height] = parts;
  const parsed = boxSchema.safeParse({ x, y, width, height });
  if (parts.length === 4 && parsed.success) return parsed.data;
  throw usageError(
    `--box: "${text}" is no box: give x,y,width,height in whole pixels of the target, e.g. 40,60,120,80.`,
  );
}

async function steer(
  id: string,
  intervention: CreateIntervention,
  { server, json }: InterventionOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const client = await requireClient(server, terminal.settings);
  const created = await client.createIntervention(id, intervention);
  terminal.data(json ? JSON.stringify(created) : interventionTable([created]));
  terminal.progress(whatFollows(created, await client.getJob(id)));
  return exitCodes.done;
}

function whatFollows({ kind }: Intervention, { id, status }: Job): string {
  if (!isFinal(status))
    return kind === 'edit' || kind === 'continue'
      ? `follow it with "pentimento watch ${id}"`
      : 'it holds from the next round on';
  return `the job has ended: it holds once the job goes on, by "pentimento continue ${id}"`;
}

/** Lists the interventions of a job that were not withdrawn; as JSON all of them. */
export async function list(job: string, options: InterventionOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const interventions = await client.listInterventions(job);
  const current = interventions.filter(({ withdrawnAt }) => withdrawnAt === null);
  if (options.json) terminal.data(JSON.stringify({ data: interventions }));
  else if (current.length > 0) terminal.data(interventionTable(current));
  else terminal.progress('Nobody steers this job. Mark a region with "pentimento fix JOB --box x,y,w,h WORDS".');
  return exitCodes.done;
}

function interventionTable(interventions: readonly Intervention[]): string {
  const rows = interventions.map((each) => [each.id, each.kind, detailOf(each), holdsFor(each)]);
  return table([['INTERVENTION', 'KIND', 'WHAT', 'HOLDS'], ...rows]);
}

function detailOf(intervention: Intervention): string {
  switch (intervention.kind) {
    case 'fix':
      return `${boxWords(intervention.box)}: ${oneLine(intervention.words)}`;
    case 'lock':
      return boxWords(intervention.box);
    case 'edit':
    case 'branch':
      return intervention.candidate;
    case 'continue':
      return oneLine(changeWords(intervention.changes));
  }
}

const boxWords = ({ x, y, width, height }: Box): string => `${x},${y},${width},${height}`;

function changeWords({
  policy = {},
  budget = {},
  model,
}: Extract<Intervention, { kind: 'continue' }>['changes']): string {
  const fields = Object.entries({ ...policy, ...budget, ...(model !== undefined && { model }) });
  return fields.map(([name, value]) => `${name} ${value === null ? 'none' : String(value)}`).join(', ') || 'as before';
}

function holdsFor({ fromIteration, untilIteration }: Intervention): string {
  if (fromIteration === null) return 'from the next round on';
  return untilIteration === null
    ? `from iteration ${fromIteration} on`
    : `iterations ${fromIteration} to ${untilIteration - 1}`;
}
