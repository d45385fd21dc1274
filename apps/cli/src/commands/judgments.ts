import {
  currentJudgments,
  judgmentVerdicts,
  type Author,
  type CreateJudgmentInput,
  type Judgment,
} from '@pentimento/contracts';
import { oneLine } from '../output/one-line.ts';
import { requireClient } from '../server/server.ts';
import { exitCodes, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { table, type Terminal } from '../terminal/terminal.ts';
import { forEachId } from './each-id.ts';

export interface JudgmentOptions {
  server?: string;
  json?: boolean;
}

export interface JudgeOptions extends JudgmentOptions {
  note?: string;
  author?: string;
}

/** Gives a verdict on a candidate, a note, or both; replaces what the author said about it before. */
export async function judge(
  candidate: string,
  given: string | undefined,
  options: JudgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const verdict = judgmentVerdicts.find((known) => known === given);
  if (given !== undefined && !verdict) throw usageError(`"${given}" is no verdict: say accept or reject.`);
  if (!verdict && !options.note?.trim()) throw usageError('Nothing is said: add accept or reject, or a --note.');
  return send(candidate, { verdict: verdict ?? null }, options, terminal);
}

/** Says that the candidate is better than the other one, of the same job. */
export const prefer = (
  candidate: string,
  other: string,
  options: JudgeOptions,
  terminal: Terminal,
): Promise<ExitCode> => send(candidate, { preferredOver: other }, options, terminal);

async function send(
  candidate: string,
  statement: CreateJudgmentInput,
  { server, json, note = '', author: name = '' }: JudgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const client = await requireClient(server, terminal.settings);
  const judgment = await client.createJudgment(candidate, { ...statement, note, author: { name } });
  terminal.data(json ? JSON.stringify(judgment) : judgmentTable([judgment]));
  return exitCodes.done;
}

/** Lists the judgments of a job that count; as JSON all of them, with those that were replaced or withdrawn. */
export async function list(job: string, options: JudgmentOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const judgments = await client.listJudgments(job);
  const current = currentJudgments(judgments);
  if (options.json) terminal.data(JSON.stringify({ data: judgments }));
  else if (current.length > 0) terminal.data(judgmentTable(current));
  else terminal.progress('Nobody has judged this job. Judge a candidate with "pentimento judge CANDIDATE accept".');
  return exitCodes.done;
}

/** Withdraws judgments and interventions, and prints their ids. */
export async function withdraw(ids: string[], options: JudgmentOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const act = (id: string) => (id.startsWith('intv_') ? client.withdrawIntervention(id) : client.withdrawJudgment(id));
  return forEachId(ids, act, { name: 'withdrawn', json: options.json }, terminal);
}

function judgmentTable(judgments: readonly Judgment[]): string {
  const rows = judgments.map((judgment) => [
    judgment.id,
    judgment.candidate,
    judgment.preferredOver === null ? (judgment.verdict ?? '-') : `better than ${judgment.preferredOver}`,
    authorWords(judgment.author),
    oneLine(judgment.note),
  ]);
  return table([['JUDGMENT', 'CANDIDATE', 'VERDICT', 'AUTHOR', 'NOTE'], ...rows]);
}

const authorWords = ({ kind, name }: Author): string =>
  kind === 'model' ? `model ${oneLine(name)}`.trim() : oneLine(name) || '-';
