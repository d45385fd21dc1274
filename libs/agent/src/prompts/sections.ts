import { fence, inCssPixels, type Candidate, type Iteration, type Task } from '@pentimento/contracts';
import type { TargetLanguage } from '../ports.ts';
import { bitmapSentence, blankSentence, boxText, triedLines } from './history.ts';

/** Of a page on a screen whose pixels are not CSS pixels; undefined elsewhere. */
export function screenText({ size, deviceScale }: Task): string | undefined {
  if (deviceScale === undefined) return undefined;
  const { width, height } = inCssPixels(size, deviceScale);
  return `The target shows a viewport of ${width}x${height} CSS pixels at a device pixel ratio of ${deviceScale}: write sizes in CSS pixels; boxes are in device pixels.`;
}

/** In a block, so that no line of theirs opens or closes a block of the prompt, such as the task's. */
export function userText(instructions: string): string | undefined {
  return instructions.trim() ? `The user adds:\n\n${fence(instructions.trim(), 'text')}` : undefined;
}

/** The patches that the user marked, with their words. */
export function markedText(task: Pick<Task, 'patches' | 'score'>): string | undefined {
  const marked = task.patches.filter(({ words }) => words !== undefined);
  return listText(
    'The user asks you to fix these regions first',
    marked.map((patch) => patchLine(patch, task)),
  );
}

/** The patches in which most of the score is lost. */
export function patchesText(task: Task): string | undefined {
  const lost = task.patches.filter(({ words }) => words === undefined);
  return listText(
    'Patches, worst first',
    lost.map((patch) => patchLine(patch, task)),
  );
}

export const lockedText = ({ locked = [] }: Pick<Task, 'locked'>): string | undefined =>
  listText('The user has locked these regions: they must stay as they are', locked.map(boxText));

export const keepText = ({ keep }: Task): string | undefined =>
  listText('These regions are correct and must not change', keep.map(boxText));

const listText = (title: string, lines: readonly string[]): string | undefined =>
  lines.length === 0 ? undefined : `${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`;

function patchLine(
  { patch, box, score, change, lostShare, target, render, words }: Task['patches'][number],
  { score: overall }: Pick<Task, 'score'>,
): string {
  const changed = change === null ? '' : `, ${change < 0 ? '' : '+'}${change.toFixed(3)} since the last step`;
  const scored =
    overall === null ? '' : `, score ${score.toFixed(3)}${changed}, ${Math.round(lostShare * 100)} % of the lost score`;
  const images = [
    target === null ? [] : `target in image ${target}`,
    render === null ? [] : `render in image ${render}`,
  ];
  const shown = images.flat().join(', ');
  // On one line, so that no line of theirs opens or closes a block of the prompt.
  const wanted = words === undefined ? '' : ` The user says: "${words.replaceAll(/\s+/g, ' ')}"`;
  return `Patch ${patch}: ${boxText(box)}${scored}${shown && `; ${shown}`}.${wanted}`;
}

export function triedText(tried: readonly Iteration[]): string | undefined {
  if (tried.length === 0) return undefined;
  const title = tried.some(({ accepted }) => accepted.length > 0)
    ? 'Tried from this code before'
    : 'Tried and rejected since the last improvement';
  return `${title}:\n${triedLines(tried).join('\n')}`;
}

export function failureText(parent: Candidate | null): string | undefined {
  if (!parent) return undefined;
  const { render, parseDetail, reward } = parent;
  if (render?.status === 'failed') return `Rendering it failed (${render.kind}):\n\n${fence(render.message, 'text')}`;
  // What renders and still needs a repair shows nothing or holds a bitmap: nothing else is refused where there is no best.
  if (render?.status === 'ok' && reward.empty) return `The code ${blankSentence}.${logText(render.log)}`;
  if (render?.status === 'ok') return `The code ${bitmapSentence}.`;
  return `The last reply gave no code: ${parseDetail}`;
}

const logText = (log: string): string => (log === '' ? '' : ` Its log:\n\n${fence(log, 'text')}`);

/** What the prompt lacks for want of room. */
export interface Omitted {
  images: number;
  candidates: number;
  /** The list of earlier tries. */
  tries: boolean;
}

export function omittedText({ images, candidates, tries }: Omitted): string | undefined {
  const omitted = [
    ...(images > 0 ? [images === 1 ? '1 image' : `${images} images`] : []),
    ...(candidates > 0 ? [candidates === 1 ? '1 other candidate' : `${candidates} other candidates`] : []),
    ...(tries ? ['the earlier tries'] : []),
  ];
  return omitted.length === 0
    ? undefined
    : `Left out, because the model's server takes no more in a request: ${omitted.join(', ')}.`;
}

export function codeText(code: string | null, { fenceNames: [name] }: TargetLanguage): string | undefined {
  return code === null ? undefined : `The current code:\n\n${fence(code, name)}`;
}
