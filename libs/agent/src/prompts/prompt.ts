import {
  fence,
  type Box,
  type Candidate,
  type Iteration,
  type MessagePart,
  type ModelLimits,
  type Patch,
  type Prompt,
  type ScoreMap,
  type Size,
  type Target,
  type Task,
  writeTask,
} from '@pentimento/contracts';
import { addAlternatives, imageOf } from './alternatives.ts';
import { PromptBudget } from './budget.ts';
import { fillTemplate, fillText } from './fill.ts';
import { answerRules } from './instructions.ts';
import { addPatches, addTargetParts, NumberedImages, wholeSide } from './images.ts';
import type { BlobPort, ImagePort, TargetLanguage } from '../ports.ts';
import { scoreIn } from '@pentimento/patches';
import { overallOf } from '../search/steps.ts';
import {
  codeText,
  failureText,
  keepText,
  lockedText,
  markedText,
  omittedText,
  patchesText,
  screenText,
  triedText,
  userText,
} from './sections.ts';
import { templateOf, type PromptSet, type Slots, type TemplateName } from './templates/index.ts';

/** Regions at or above this score are listed as correct, at most `maxKept` of them. */
const rightScore = 0.98;
const maxKept = 6;
/** Characters that a patch has in the task block and in the list, about. */
const charactersPerPatch = 320;

export interface PromptInput {
  set: PromptSet;
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
  /** What the prompt may have; what does not fit is left out, which the prompt says. */
  budget: ModelLimits;
}

interface PromptPorts {
  images: ImagePort;
  blobs: BlobPort;
}

/**
 * The prompt of an iteration: one user message by the template of its kind. Earlier turns are summarized, so its size does not grow with
 * the trajectory.
 */
export async function buildPrompt(input: PromptInput, ports: PromptPorts): Promise<Prompt> {
  const { set, kind, alternatives } = input;
  const name: TemplateName = kind === 'refine' && alternatives.length > 0 ? 'recombine' : kind;
  const { slots, images } = set.images === 'all' ? await wholePrompt(input, ports) : await targetPrompt(input, ports);
  return {
    template: await templateOf(set, name),
    instructions: fillText(set.instructions, slots, '\n').toWellFormed(),
    messages: [{ role: 'user', content: fillTemplate(set.templates[name], slots, images) }],
  };
}

/** What fills the template, and the images in its middle. */
interface PromptContent {
  slots: Slots;
  images: readonly MessagePart[];
}

/** The target, the code, and what the user said. */
async function targetPrompt(input: PromptInput, ports: PromptPorts): Promise<PromptContent> {
  const { image, width, height } = await ports.images.fit(input.targetImage, wholeSide);
  const blob = await ports.blobs.put(image, 'image/png');
  const { code, locked, userInstructions } = input;
  const [name] = input.language.fenceNames;
  const patches = input.patches.map((patch) => ({ ...patch, patch: patch.rank, target: null, render: null }));
  const slots = {
    fence: name,
    user: userInstructions.trim(),
    marked: markedText({ patches, score: null }),
    locked: lockedText({ locked: [...locked] }),
    block: code === null ? undefined : fence(code, name),
  };
  return { slots, images: [{ type: 'image', image: blob, mediaType: 'image/png', width, height }] };
}

/** The target, the render, crops of both, other candidates, and all that is known in words. */
async function wholePrompt(input: PromptInput, ports: PromptPorts): Promise<PromptContent> {
  const { kind, parent, target, language, targetImage } = input;
  const size = { width: target.width, height: target.height };
  const whole: Box = { x: 0, y: 0, ...size };
  const answer = kind === 'refine' ? input.set.refineAnswer : 'code';
  const fixed = { ...fixedSlots(input), answer: answerRules(answer, language) };
  const budget = new PromptBudget(input.budget);
  const words = [input.set.instructions, input.set.templates[kind], ...Object.values(fixed)];
  budget.spend(words.join('').length + charactersPerPatch * input.patches.length);
  const images = new NumberedImages(ports.blobs, budget);

  images.add('target', whole, await ports.images.fit(targetImage, wholeSide));
  const shown = parent && (await imageOf(parent, ports.blobs));
  if (shown) images.add('render', whole, await ports.images.fit(shown, wholeSide));
  const patches = await addPatches(images, input.patches, { targetImage, shown, size }, ports.images);
  const alternatives = await addAlternatives(images, input, { ...ports, budget });
  const tried = triedText(input.tried);
  const showsTried = tried === undefined || budget.takeText(tried);
  if (kind !== 'refine') await addTargetParts(images, targetImage, size, ports.images);

  const task: Task = {
    task: kind,
    language: language.id,
    answer,
    size,
    ...(language.isPage && target.deviceScale !== 1 && { deviceScale: target.deviceScale }),
    images: images.entries,
    score: shown ? overallOf(parent) : null,
    patches,
    keep: parent?.reward.map && !parent.reward.empty ? rightRegions(parent.reward.map, size, input.patches) : [],
    ...(input.locked.length > 0 && { locked: [...input.locked] }),
  };
  const omitted = omittedText({
    images: images.omitted,
    candidates: alternatives.omitted,
    tries: !showsTried,
  });
  const slots = {
    ...fixed,
    ...taskSlots(task),
    tried: showsTried ? tried : undefined,
    alternatives: alternatives.texts.join('\n\n'),
    omitted,
  };
  return { slots, images: await images.parts() };
}

/** What no prompt can do without, and what the language and the user say. */
function fixedSlots({ parent, code, language, userInstructions }: PromptInput): Slots {
  const { promptInstructions, versions } = language;
  return {
    language: promptInstructions,
    versions: versions && `It is drawn by ${versions}: write for these versions.`,
    user: userText(userInstructions),
    condition: parent?.render?.status === 'ok' ? 'renders, but cannot be accepted' : 'does not render',
    failure: failureText(parent),
    code: codeText(code, language),
  };
}

const taskSlots = (task: Task): Slots => ({
  width: String(task.size.width),
  height: String(task.size.height),
  score: task.score?.toFixed(3),
  screen: screenText(task),
  task: writeTask(task),
  marked: markedText(task),
  patches: patchesText(task),
  locked: lockedText(task),
  keep: keepText(task),
});

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
