import { createHash } from 'node:crypto';
import { rewardVersionId, type Candidate, type Job, type RewardRecord } from '@pentimento/contracts';
import type { Client } from '@pentimento/client';
import { requireClient } from '../server/server.ts';
import { CliError, exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import { table, type Terminal } from '../terminal/terminal.ts';

export interface ReplayOptions {
  server?: string;
  json?: boolean;
}

/** `other version`: the server scores by another version, so that the two cannot be compared. */
type Comparison = 'same' | 'different' | 'other version';

interface ReplayedCandidate {
  candidate: string;
  iteration: number;
  render: Comparison;
  score: Comparison;
  /** New overall score minus the stored one; null where they cannot be compared. */
  change: number | null;
  /** What differs, in one sentence; empty where nothing does. */
  detail: string;
}

/** Renders and scores every stored candidate of a job again, and says what is not the same. Stores nothing. */
export async function replay(id: string, options: ReplayOptions, terminal: Terminal): Promise<ExitCode> {
  const client = await requireClient(options.server, terminal.settings);
  const job = await client.getJob(id);
  const replayed: ReplayedCandidate[] = [];
  for (const candidate of await client.listCandidates(id)) {
    if (candidate.code === null) continue;
    replayed.push(await replayCandidate(client, job, candidate));
    terminal.progress(`iteration ${candidate.iteration}: ${describe(replayed.at(-1)!)}`);
  }
  const different = replayed.filter(({ render, score }) => render === 'different' || score === 'different');
  if (options.json) terminal.data(JSON.stringify({ job: id, candidates: replayed }));
  else terminal.data(summary(replayed));
  terminal.progress(`${replayed.length - different.length} of ${replayed.length} candidates are the same`);
  return different.length === 0 ? exitCodes.done : exitCodes.error;
}

async function replayCandidate(client: Client, job: Job, candidate: Candidate): Promise<ReplayedCandidate> {
  const code = new TextDecoder().decode(await client.getBlob(candidate.code!));
  const { width, height, deviceScale } = job.target;
  const answer = await client.createRender({ language: job.language, code, size: { width, height }, deviceScale });
  const base = { candidate: candidate.id, iteration: candidate.iteration };
  const { render } = candidate;
  if (answer.status === 'failed') {
    const same = render?.status === 'failed' && render.kind === answer.kind;
    const detail = same ? '' : `It does not render now (${answer.kind}): ${answer.message.split('\n')[0]}`;
    return { ...base, render: same ? 'same' : 'different', score: same ? 'same' : 'different', change: null, detail };
  }
  const score = await scoreOf(client, job, candidate, answer.image);
  const stored = render?.status === 'ok' ? render.image : null;
  const same = createHash('sha256').update(Buffer.from(answer.image, 'base64')).digest('hex') === stored;
  const detail = same ? '' : whyDifferent(render, answer.renderer);
  return { ...base, render: same ? 'same' : 'different', ...compareScores(candidate.reward, score), detail };
}

function whyDifferent(stored: Candidate['render'], renderer: string): string {
  if (stored?.status !== 'ok') return 'It renders now.';
  return stored.renderer === renderer ? `${renderer}, as before.` : `${stored.renderer} then, ${renderer} now.`;
}

async function scoreOf(client: Client, { id }: Job, { reward }: Candidate, image: string): Promise<RewardRecord> {
  const item = { id: 'replay', jobId: id, image, alignment: reward.terms.alignment };
  const [result] = (await client.scoreRewards({ items: [item], records: true })).results;
  if (result?.record) return result.record;
  throw new CliError(`The render cannot be scored: ${result?.error?.message ?? 'the server gave no score.'}`);
}

function compareScores(stored: RewardRecord, now: RewardRecord): Pick<ReplayedCandidate, 'score' | 'change'> {
  if (rewardVersionId(stored) !== rewardVersionId(now)) return { score: 'other version', change: null };
  const same = Object.keys(stored.terms).every((name) => stored.terms[name] === now.terms[name]);
  return { score: same ? 'same' : 'different', change: now.terms.overall - stored.terms.overall };
}

const describe = ({ render, score }: ReplayedCandidate): string => `render ${render}, score ${score}`;

function summary(replayed: readonly ReplayedCandidate[]): string {
  const rows = replayed.map(({ candidate, iteration, render, score, change, detail }) => [
    candidate,
    String(iteration),
    render,
    score,
    change === null ? '' : change.toFixed(6),
    detail,
  ]);
  return table([['CANDIDATE', 'ITERATION', 'RENDER', 'SCORE', 'CHANGE', 'DETAIL'], ...rows]);
}
