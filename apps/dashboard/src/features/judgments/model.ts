import {
  currentJudgments,
  isSameAuthor,
  isSameSubject,
  type Author,
  type Candidate,
  type Judgment,
  type JudgmentSubject,
  type JudgmentVerdict,
} from '@pentimento/contracts';
import { formatScore } from '../../ui/format.ts';

/** Who judges on this page: there is no login. */
const ownAuthor: Author = { kind: 'human', name: '' };

/** What this page says about a subject from now on; `withdrawn`: nothing any more. */
export interface JudgmentChange extends JudgmentSubject {
  verdict: JudgmentVerdict | null;
  note: string;
  withdrawn: boolean;
}

/** Makes a change by the judgments that count. */
export type Decide = (current: readonly Judgment[]) => JudgmentChange;

/** What was said on this page about a candidate. */
export type OwnJudgment = Pick<JudgmentChange, 'verdict' | 'note'>;

/** The judgment of this page's author on a candidate or pair, among the current ones. */
export function ownOn(current: readonly Judgment[], subject: JudgmentSubject): Judgment | undefined {
  return current.find((judgment) => isSameAuthor(judgment.author, ownAuthor) && isSameSubject(judgment, subject));
}

export function ownJudgment(current: readonly Judgment[], candidate: string): OwnJudgment {
  return ownOn(current, { candidate, preferredOver: null }) ?? { verdict: null, note: '' };
}

/** The change to a verdict and note together, because one judgment holds both. */
function changeOf(candidate: string, { verdict, note }: OwnJudgment): JudgmentChange {
  const trimmed = note.trim();
  const withdrawn = verdict === null && trimmed === '';
  return { candidate, preferredOver: null, verdict, note: trimmed, withdrawn };
}

/** Gives the verdict, or takes it back where it is given already. The note stays. */
export const toggleVerdict =
  (candidate: string, verdict: JudgmentVerdict): Decide =>
  (current) => {
    const own = ownJudgment(current, candidate);
    return changeOf(candidate, { verdict: own.verdict === verdict ? null : verdict, note: own.note });
  };

/** Replaces the note. The verdict stays. */
export const replaceNote =
  (candidate: string, note: string): Decide =>
  (current) =>
    changeOf(candidate, { verdict: ownJudgment(current, candidate).verdict, note });

/** Prefers the first candidate over the second, or takes that back where it is so already. */
export const togglePreference =
  (better: string, worse: string): Decide =>
  (current) => {
    const withdrawn = isPreferred(current, better, worse);
    return { candidate: better, preferredOver: worse, verdict: null, note: '', withdrawn };
  };

export function isPreferred(current: readonly Judgment[], better: string, worse: string): boolean {
  return ownOn(current, { candidate: better, preferredOver: worse })?.candidate === better;
}

/** The judgments that count once the changes are saved too, for the time until they are. */
export function currentWith(stored: readonly Judgment[], changes: readonly JudgmentChange[]): Judgment[] {
  return currentJudgments([...stored, ...changes.map(unsavedJudgment)]);
}

function unsavedJudgment({ withdrawn, ...statement }: JudgmentChange): Judgment {
  const at = new Date(0).toISOString();
  const unsaved = { id: 'judg_unsaved', jobId: 'job_unsaved', author: ownAuthor, createdAt: at };
  return { ...unsaved, ...statement, withdrawnAt: withdrawn ? at : null };
}

/** What others said about a candidate by itself or in pairs. */
export function othersOn(current: readonly Judgment[], candidate: string): Judgment[] {
  return current.filter(
    (judgment) =>
      !isSameAuthor(judgment.author, ownAuthor) &&
      (judgment.candidate === candidate || judgment.preferredOver === candidate),
  );
}

/** The marks of an iteration in the filmstrip: what anybody said about any of its candidates. */
export interface JudgmentMarks {
  accepted: boolean;
  rejected: boolean;
  better: boolean;
  worse: boolean;
  noted: boolean;
}

export function marksOf(current: readonly Judgment[], candidates: readonly Pick<Candidate, 'id'>[]): JudgmentMarks {
  const ids = new Set<string | null>(candidates.map(({ id }) => id));
  const own = current.filter(({ candidate }) => ids.has(candidate));
  return {
    accepted: own.some(({ verdict }) => verdict === 'accept'),
    rejected: own.some(({ verdict }) => verdict === 'reject'),
    better: own.some(({ preferredOver }) => preferredOver !== null),
    worse: current.some(({ preferredOver }) => ids.has(preferredOver)),
    noted: own.some(({ note }) => note !== ''),
  };
}

const markWords: Record<keyof JudgmentMarks, string> = {
  accepted: 'judged accept',
  rejected: 'judged reject',
  better: 'preferred over another',
  worse: 'another is preferred',
  noted: 'with a note',
};

export const markSentence = (marks: JudgmentMarks): string =>
  (Object.keys(markWords) as (keyof JudgmentMarks)[])
    .filter((mark) => marks[mark])
    .map((mark) => markWords[mark])
    .join(', ');

/** "iteration 3", with the candidate's number where its iteration has several. */
export function candidateName({ id, iteration, index }: Candidate, all: readonly Candidate[]): string {
  const several = all.some((other) => other.iteration === iteration && other.id !== id);
  return several ? `iteration ${iteration}, candidate ${index}` : `iteration ${iteration}`;
}

/** An option of the candidates to compare with: its place, its score and what was said already. */
export function rivalLabel(
  rival: Candidate,
  all: readonly Candidate[],
  current: readonly Judgment[],
  selected: string,
): string {
  const score = rival.render?.status === 'ok' ? formatScore(rival.reward.terms.overall) : 'no image';
  const label = `${candidateName(rival, all).replace('iteration ', '')}: ${score}`;
  if (isPreferred(current, selected, rival.id)) return `${label} (worse)`;
  return isPreferred(current, rival.id, selected) ? `${label} (better)` : label;
}

/**
 * The candidate to compare the selected one with: the chosen one, else the first of `likely` that is another candidate, else
 * the newest other one. Null where there is no other.
 */
export function rivalOf(
  selected: string,
  all: readonly Candidate[],
  chosen: string | null,
  likely: readonly (string | null | undefined)[],
): Candidate | null {
  const others = all.filter(({ id }) => id !== selected);
  for (const id of [chosen, ...likely]) {
    const found = others.find((other) => other.id === id);
    if (found) return found;
  }
  return others.at(-1) ?? null;
}

export function authorWords({ kind, name }: Author): string {
  if (kind === 'human') return name || 'Nobody named';
  return name ? `Model ${name}` : 'A model';
}

/** What a judgment says about one of its candidates, without its note. */
export function statementWords(
  judgment: Pick<Judgment, 'candidate' | 'preferredOver' | 'verdict'>,
  candidate: string,
  all: readonly Candidate[],
): string {
  const { verdict, preferredOver } = judgment;
  if (preferredOver === null) return verdict ?? 'note';
  const isBetter = judgment.candidate === candidate;
  const other = all.find(({ id }) => id === (isBetter ? preferredOver : judgment.candidate));
  const name = other ? candidateName(other, all) : 'another candidate';
  return `${isBetter ? 'better' : 'worse'} than ${name}`;
}
