import type { ExportPreview } from '@pentimento/contracts';

export type DropLine = ExportPreview['drops'][number];

interface ReasonWords {
  title: string;
  /** What it means and, where something can be done, what. */
  meaning: string;
}

const reasons: Readonly<Record<string, ReasonWords>> = {
  malformed: { title: 'Malformed', meaning: 'What is stored is not what the trace says. Its detail names the field.' },
  unfinished: { title: 'Not ended', meaning: 'The job had not ended. Make the dataset again once it has.' },
  inconsistent: {
    title: 'Inconsistent',
    meaning: 'The trajectory breaks a rule that formats rely on, such as one reward version a group.',
  },
  missing_blob: {
    title: 'Blob gone',
    meaning: 'An image, code, prompt or reply is no longer stored, so nothing of this trajectory is exported.',
  },
  no_reward: {
    title: 'Not scored so',
    meaning:
      'It has no score of the chosen reward version. Score it with “pentimento rescore”, then make the dataset again.',
  },
  no_call: {
    title: 'No model call',
    meaning: 'The code came with the job or was edited by hand, so there is no prompt and no reply.',
  },
  no_code: { title: 'No code', meaning: 'The reply holds no code of the language, and this format needs code.' },
  not_rendered: { title: 'Not rendered', meaning: 'The code draws nothing, and this format needs the render.' },
  no_gain: {
    title: 'No gain',
    meaning: 'It did not score higher than what it started from. Switch “Improved only” off to keep such rows.',
  },
  held_back: {
    title: 'Held back',
    meaning:
      'It lost text, a tile or a locked region while its score rose, or it embeds the image. Switch “Improved only” off to keep such rows.',
  },
  no_pair: {
    title: 'No pair',
    meaning:
      'What is to be compared is missing or nearly equal: one reply in the group, scores nearer than the margin, no code before it. A smaller margin, or more candidates a group, gives more pairs.',
  },
  no_tokens: {
    title: 'No tokens',
    meaning:
      'The call was recorded as text only. Set PENTIMENTO_MODEL_CAPTURE for the model to record tokens from now on.',
  },
  token_mismatch: {
    title: 'Tokens differ',
    meaning: 'The recorded tokens do not fit the prompt, its images or the reply.',
  },
  no_patches: { title: 'No patches', meaning: 'No later prompt says what is wrong with this render.' },
  threshold_missed: {
    title: 'Below the threshold',
    meaning: 'The trajectory did not reach its threshold, and this format needs one that did.',
  },
  reserved_header: {
    title: 'Reserved words',
    meaning: 'A line of the reply begins with a word that the loader takes for a part of the form.',
  },
  image_tag_in_text: {
    title: 'Image tag in text',
    meaning: 'A text holds the tag that the loader takes for an image, so it would count one image too many.',
  },
  invalid_image: { title: 'Invalid image', meaning: 'An image is not an opaque PNG.' },
};

/** A reason in words. One that is not known is shown by its name; its lines say what is wrong. */
export function reasonWords(reason: string): ReasonWords {
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  if (known) return known;
  const words = reason.replaceAll('_', ' ');
  return { title: words.charAt(0).toUpperCase() + words.slice(1), meaning: '' };
}

export interface DropGroup extends ReasonWords {
  reason: string;
  count: number;
  lines: readonly DropLine[];
}

/** Drops by reason, the most frequent first. */
export function groupDrops(lines: readonly DropLine[]): DropGroup[] {
  const byReason = Map.groupBy(lines, ({ reason }) => reason);
  return sortedByCount([...byReason].map(([reason, own]) => groupOf(reason, own.length, own)));
}

/** The same of a manifest's counts, which have no lines. */
export function countedDrops(counts: Readonly<Record<string, number>>): DropGroup[] {
  return sortedByCount(Object.entries(counts).map(([reason, count]) => groupOf(reason, count, [])));
}

const groupOf = (reason: string, count: number, lines: readonly DropLine[]): DropGroup => ({
  ...reasonWords(reason),
  reason,
  count,
  lines,
});

const sortedByCount = (groups: DropGroup[]): DropGroup[] =>
  groups.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));

/** Where a drop is, e.g. "iteration 2". */
export function placeOf({ iteration, candidate }: DropLine): string {
  if (iteration === undefined) return 'the whole trajectory';
  return candidate === undefined ? `iteration ${iteration}` : `a candidate of iteration ${iteration}`;
}
