import { maxRenderTextLength, type RenderResult, type Size } from '@pentimento/contracts';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { z } from 'zod';
import { surveyLimits } from './survey.ts';

/** What a render shows besides its pixels, where it is known. */
export type ShownContent = Pick<Extract<RenderResult, { status: 'ok' }>, 'text' | 'bitmapShare'>;
export const unknownContent: ShownContent = { text: null, bitmapShare: null };

/** Left, top, width and height, CSS pixels. */
const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const surveySchema = z.object({
  bitmaps: z.array(boxSchema).max(surveyLimits.boxes),
  pieces: z.array(z.tuple([z.string(), boxSchema])).max(surveyLimits.pieces),
});
type Box = z.infer<typeof boxSchema>;

/** The page's answer has at most twice `surveyLimits.characters`, each in up to six, and the boxes. */
export const maxSurveyLength = 2 * 1024 * 1024;
/** Difference of levels within a box that makes something in it visible. */
const minContrast = 12;
/** Pixels that are looked at for text; of what lies beyond, none is called hidden. */
const maxPixelsRead = 8_000_000;
/** Pixels after which other work takes its turn. */
const pixelsPerTurn = 1_000_000;
/** Side of the grid on which areas are added up, so that boxes that overlap count once. */
const gridSide = 100;

/** Reads the untrusted answer of a survey beside the screenshot. Text of which no pixel shows is left out. */
export async function readSurvey(
  answer: string,
  { png, size, deviceScale }: { png: Uint8Array; size: Size; deviceScale: number },
): Promise<ShownContent> {
  const survey = parseSurvey(answer);
  if (!survey) return unknownContent;
  const inPixels = (box: Box): Box => box.map((length) => length * deviceScale) as Box;
  const { pieces } = survey;
  const shown =
    pieces.length === 0
      ? []
      : await shownBoxes(
          png,
          pieces.map(([, box]) => inPixels(box)),
        );
  const text = pieces.map(([piece], index) => (shown[index] ? piece : ' ')).join('');
  return { text: tidy(text), bitmapShare: coveredShare(survey.bitmaps.map(inPixels), size) };
}

/** Null for what is no answer of the survey. */
export function parseSurvey(answer: string): z.infer<typeof surveySchema> | null {
  if (answer.length > maxSurveyLength) return null;
  try {
    return surveySchema.safeParse(JSON.parse(answer)).data ?? null;
  } catch {
    return null;
  }
}

/** Icon fonts have their icons in Unicode's private use area. */
const tidy = (text: string): string =>
  text
    .replace(/[\ue000-\uf8ff]/g, '')
    .replace(/ +/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
    .slice(0, maxRenderTextLength);

interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The part of a box within an image, in whole pixels. */
function within([x, y, boxWidth, boxHeight]: Box, { width, height }: Size): Area {
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    left: clamp(Math.floor(x), width),
    top: clamp(Math.floor(y), height),
    right: clamp(Math.ceil(x + boxWidth), width),
    bottom: clamp(Math.ceil(y + boxHeight), height),
  };
}

/** Whether anything can be seen in each box: some of it lies within the image, and the pixels there are not all alike. */
async function shownBoxes(png: Uint8Array, boxes: readonly Box[]): Promise<boolean[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const shown: boolean[] = [];
  let [total, inTurn] = [0, 0];
  for (const box of boxes) {
    const { isSeen, pixels } = look(data, info, within(box, info));
    total += pixels;
    inTurn += pixels;
    shown.push(isSeen || total > maxPixelsRead);
    if (total > maxPixelsRead) return boxes.map((_, index) => shown[index] ?? true);
    if (inTurn > pixelsPerTurn) {
      await setImmediate();
      inTurn = 0;
    }
  }
  return shown;
}

/** Whether the pixels of an area differ, and how many were looked at. */
function look(rgb: Uint8Array, { width }: Size, area: Area): { isSeen: boolean; pixels: number } {
  const { left, top, right, bottom } = area;
  const first = (top * width + left) * 3;
  const last = Math.min(bottom, top + Math.ceil(maxPixelsRead / Math.max(1, right - left)));
  for (let y = top; y < last; y++) {
    for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) {
      for (let channel = 0; channel < 3; channel++) {
        if (Math.abs(rgb[at + channel]! - rgb[first + channel]!) >= minContrast)
          return { isSeen: true, pixels: (y - top + 1) * (right - left) };
      }
    }
  }
  return { isSeen: false, pixels: Math.max(0, (last - top) * (right - left)) };
}

function coveredShare(boxes: readonly Box[], size: Size): number {
  const cells = new Uint8Array(gridSide ** 2);
  for (const [x, y, width, height] of boxes) {
    const from = (start: number, side: number): number => Math.max(0, Math.ceil((start / side) * gridSide - 0.5));
    const to = (end: number, side: number): number => Math.min(gridSide, Math.ceil((end / side) * gridSide - 0.5));
    for (let row = from(y, size.height); row < to(y + height, size.height); row++) {
      const [start, end] = [from(x, size.width), to(x + width, size.width)];
      if (start < end) cells.fill(1, row * gridSide + start, row * gridSide + end);
    }
  }
  return cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
}
