import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import sharp from 'sharp';
import { z } from 'zod';
import { unknownContent, type ShownContent } from '../port/outcome.ts';
import { surveyLimits } from './survey.ts';

/** Left, top, width and height, CSS pixels. */
const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const surveySchema = z.object({
  bitmaps: z.array(boxSchema).max(surveyLimits.boxes),
  pieces: z.array(z.tuple([z.string(), boxSchema])).max(surveyLimits.pieces),
});
type Box = z.infer<typeof boxSchema>;

/** The page's answer has a few hundred bytes a piece of text. */
const maxSurveyLength = 4 * 1024 * 1024;
/** Difference of levels within a box that makes something in it visible. */
const minContrast = 12;
/** Pixels that are looked at for text; of what lies beyond, none is called hidden. */
const maxPixelsRead = 16_000_000;
/** Side of the grid on which areas are added up, so that boxes that overlap count once. */
const gridSide = 100;

/** Reads the untrusted answer of a survey beside the screenshot. Text of which no pixel shows is left out. */
export async function readSurvey(
  answer: string,
  { png, size, deviceScale }: { png: Uint8Array; size: Size; deviceScale: number },
): Promise<ShownContent> {
  const survey = parse(answer);
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

function parse(answer: string): z.infer<typeof surveySchema> | null {
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

/** Whether anything can be seen in each box: none of it is outside of the image, and its pixels are not all alike. */
async function shownBoxes(png: Uint8Array, boxes: readonly Box[]): Promise<boolean[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let left = maxPixelsRead;
  return boxes.map((box) => {
    const area = within(box, info);
    left -= Math.max(0, (area.right - area.left) * (area.bottom - area.top));
    return left < 0 || hasContrast(data, info, area);
  });
}

function hasContrast(rgb: Uint8Array, { width }: Size, { left, top, right, bottom }: Area): boolean {
  const first = (top * width + left) * 3;
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) {
      for (let channel = 0; channel < 3; channel++) {
        if (Math.abs(rgb[at + channel]! - rgb[first + channel]!) >= minContrast) return true;
      }
    }
  }
  return false;
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
