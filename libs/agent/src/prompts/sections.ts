import { fence, inCssPixels, type Candidate, type Iteration, type Task } from '@pentimento/contracts';
import type { TargetLanguage } from '../ports.ts';
import { bitmapSentence, boxText, triedLines } from './history.ts';

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

export function patchesText({ patches }: Task): string | undefined {
  if (patches.length === 0) return undefined;
  const lines = patches.map(({ patch, box, score, change, lostShare, target, render }) => {
    const changed = change === null ? '' : `, ${change < 0 ? '' : '+'}${change.toFixed(3)} since the last step`;
    const shown = target === null ? '' : `; target in image ${target}, render in image ${render}`;
    return `- Patch ${patch}: ${boxText(box)}, score ${score.toFixed(3)}${changed}, ${Math.round(lostShare * 100)} % of the lost score${shown}.`;
  });
  return `Patches, worst first:\n${lines.join('\n')}`;
}

export function keepText({ keep }: Task): string | undefined {
  if (keep.length === 0) return undefined;
  return `These regions are correct and must not change:\n${keep.map((box) => `- ${boxText(box)}`).join('\n')}`;
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
  const { render, parseDetail } = parent;
  if (render?.status === 'failed') return `Rendering it failed (${render.kind}):\n\n${fence(render.message, 'text')}`;
  // What renders and still needs a repair holds a bitmap: nothing else is refused where there is no best.
  if (render?.status === 'ok') return `The code ${bitmapSentence}.`;
  return `The last reply gave no code: ${parseDetail}`;
}

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
