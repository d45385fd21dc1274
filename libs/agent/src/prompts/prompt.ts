import {
  fence,
  inCssPixels,
  writeTask,
  type Box,
  type Candidate,
  type Iteration,
  type MessagePart,
  type Patch,
  type Prompt,
  type ScoreMap,
  type Size,
  type Target,
  type Task,
} from '@pentimento/contracts';
import { addAlternatives, imageOf } from './alternatives.ts';
import { boxText, triedLines } from './history.ts';
import { answerRules, instructionsFor } from './instructions.ts';
import { addPatches, addTargetParts, NumberedImages, wholeSide } from './images.ts';
import type { BlobPort, ImagePort, TargetLanguage } from '../ports.ts';
import { scoreIn } from '../patches/grid.ts';
import { overallOf } from '../search/steps.ts';

/** Regions at or above this score are listed as correct, at most `maxKept` of them. */
const rightScore = 0.98;
const maxKept = 6;

export interface PromptInput {
  kind: Task['task'];
  /** What the prompt starts from; null for a draft. Where it rendered, the prompt shows its render and the patches. */
  parent: Candidate | null;
  /** Further candidates that the prompt shows. */
  alternatives: readonly { candidate: Candidate; code: string | null }[];
  target: Target;
  language: TargetLanguage;
  userInstructions: string;
  /** Iterations from the same parent. */
  tried: readonly Iteration[];
  patches: readonly Patch[];
  /** PNG of the target. */
  targetImage: Uint8Array;
  /** The parent's code; null where there is none. */
  code: string | null;
  /** Regions that the user has locked. */
  locked: readonly Box[];
  /** Images that the model's server takes in one request. */
  maxImages: number;
}

/**
 * The prompt of an iteration: one user message with the task block, the numbered images, the current code, what was
 * rejected before, and the answer's form. Earlier turns are summarized, so its size does not grow with the trajectory.
 */
export async function buildPrompt(input: PromptInput, ports: { images: ImagePort; blobs: BlobPort }): Promise<Prompt> {
  const { kind, parent, target, language, targetImage } = input;
  const size = { width: target.width, height: target.height };
  const whole: Box = { x: 0, y: 0, ...size };
  const images = new NumberedImages(ports.blobs, input.maxImages);

  await images.add('target', whole, await ports.images.fit(targetImage, wholeSide));
  const shown = parent && (await imageOf(parent, ports.blobs));
  if (shown) await images.add('render', whole, await ports.images.fit(shown, wholeSide));
  const patches = await addPatches(images, input.patches, { targetImage, shown, size }, ports.images);
  const alternatives = await addAlternatives(images, input, ports);
  if (kind !== 'refine') await addTargetParts(images, targetImage, size, ports.images);

  const task: Task = {
    task: kind,
    language: language.id,
    answer: kind === 'refine' ? 'edits' : 'code',
    size,
    ...(language.isPage && target.deviceScale !== 1 && { deviceScale: target.deviceScale }),
    images: images.entries,
    score: shown ? overallOf(parent) : null,
    patches,
    keep: parent?.reward.map ? rightRegions(parent.reward.map, size, input.patches) : [],
    ...(input.locked.length > 0 && { locked: [...input.locked] }),
  };
  return {
    instructions: instructionsFor(language),
    messages: [
      {
        role: 'user',
        content: [
          text(opening(task, input)),
          ...images.parts,
          text(closing(task, input, [...omittedSentence(images), ...alternatives])),
        ],
      },
    ],
  };
}

const omittedSentence = ({ omitted, entries }: NumberedImages): string[] =>
  omitted === 0
    ? []
    : [`${omitted} further images are left out, because the model's server takes at most ${entries.length} a request.`];

function opening(task: Task, { userInstructions }: PromptInput): string {
  const lines = [taskSentence(task)];
  if (task.deviceScale !== undefined) lines.push(screenSentence(task.size, task.deviceScale));
  // In a block, so that no line of theirs opens or closes a block of the prompt, such as the task's.
  if (userInstructions.trim()) lines.push(`The user adds:\n\n${fence(userInstructions.trim(), 'text')}`);
  lines.push(writeTask(task));
  return lines.join('\n\n');
}

function taskSentence({ task, size, score }: Task): string {
  switch (task) {
    case 'draft':
      return `Write code that draws the target, ${size.width}x${size.height} pixels.`;
    case 'repair':
      return 'The code below does not render. Fix it so that it draws the target.';
    case 'rewrite':
      return `The current code scores ${score?.toFixed(3)} of 1. It is too different from the target to edit: rewrite it from scratch.`;
    case 'refine':
      return `The current code scores ${score?.toFixed(3)} of 1. Improve the patches listed below, where the render differs most from the target.`;
  }
}

function screenSentence(size: Size, deviceScale: number): string {
  const { width, height } = inCssPixels(size, deviceScale);
  return `The target shows a viewport of ${width}x${height} CSS pixels at a device pixel ratio of ${deviceScale}: write sizes in CSS pixels; boxes are in device pixels.`;
}

function closing(task: Task, { parent, code, tried, language }: PromptInput, notes: readonly string[]): string {
  const sections: string[] = [];
  sections.push(...patchLists(task));
  if (task.locked) sections.push(boxList('The user has locked these regions: they must stay as they are', task.locked));
  if (task.keep.length > 0) sections.push(boxList('These regions are correct and must not change', task.keep));
  if (task.task === 'repair' && parent) sections.push(failureText(parent));
  if (task.task !== 'repair' && tried.length > 0)
    sections.push(`${triedTitle(tried)}:\n${triedLines(tried).join('\n')}`);
  sections.push(...notes);
  if (code !== null) sections.push(`The current code:\n\n${fence(code, language.fenceNames[0])}`);
  sections.push(answerRules(task.answer, language));
  return sections.join('\n\n');
}

const triedTitle = (tried: readonly Iteration[]): string =>
  tried.some(({ accepted }) => accepted.length > 0)
    ? 'Tried from this code before'
    : 'Tried and rejected since the last improvement';

const boxList = (title: string, boxes: readonly Box[]): string =>
  `${title}:\n${boxes.map((box) => `- ${boxText(box)}`).join('\n')}`;

/** The patches that the user marked, with their words, and those in which most of the score is lost. */
function patchLists(task: Task): string[] {
  const [marked, lost] = [true, false].map((isMarked) =>
    task.patches.filter(({ words }) => (words !== undefined) === isMarked).map((patch) => patchLine(patch, task)),
  ) as [string[], string[]];
  return [
    ...(marked.length > 0 ? [`The user asks you to fix these regions first:\n${marked.join('\n')}`] : []),
    ...(lost.length > 0 ? [`Patches, worst first:\n${lost.join('\n')}`] : []),
  ];
}

function patchLine(
  { patch, box, score, change, lostShare, target, render, words }: Task['patches'][number],
  task: Task,
): string {
  const changed = change === null ? '' : `, ${change < 0 ? '' : '+'}${change.toFixed(3)} since the last step`;
  const scored =
    task.score === null
      ? ''
      : `, score ${score.toFixed(3)}${changed}, ${Math.round(lostShare * 100)} % of the lost score`;
  const images = [
    target === null ? [] : `target in image ${target}`,
    render === null ? [] : `render in image ${render}`,
  ];
  const shown = images.flat().join(', ');
  // On one line, so that no line of theirs opens or closes a block of the prompt.
  const wanted = words === undefined ? '' : ` The user says: "${words.replaceAll(/\s+/g, ' ')}"`;
  return `- Patch ${patch}: ${boxText(box)}${scored}${shown && `; ${shown}`}.${wanted}`;
}

function failureText({ render, parseDetail }: Candidate): string {
  if (render?.status === 'failed') return `Rendering it failed (${render.kind}):\n\n${fence(render.message, 'text')}`;
  return `The last reply gave no code: ${parseDetail}`;
}

/** Ninths of the target that are correct and that no patch touches. */
function rightRegions(map: ScoreMap, size: Size, patches: readonly Patch[]): Box[] {
  return ninths(size)
    .filter((box) => scoreIn(map, box, size) >= rightScore && !patches.some((patch) => touch(patch.box, box)))
    .slice(0, maxKept);
}

function ninths({ width, height }: Size): Box[] {
  if (width < 3 || height < 3) return [];
  const edge = (length: number, third: number) => Math.round((length * third) / 3);
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => {
      const [x, y] = [edge(width, column), edge(height, row)];
      return { x, y, width: edge(width, column + 1) - x, height: edge(height, row + 1) - y };
    }),
  );
}

function touch(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Makes the text well-formed: servers refuse half of a surrogate pair, which a truncated quotation or a hostile page can leave. */
function text(value: string): MessagePart {
  return { type: 'text', text: value.toWellFormed() };
}
