import { fence, refinementRequest, type Box } from '@pentimento/contracts';
import type { ExportImage } from '@pentimento/traces';
import { type Columns, float, imageBytes, int, list, type Row, string, struct } from '@pentimento/traces/tables';
import { imageTag, withoutTags } from './prompt-text.ts';

/** Flawed code for a target, and code that draws the target better. */
export interface Refinement {
  target: ExportImage;
  /** What opens a fenced block of the language, e.g. "svg". */
  fenceName: string;
  flawedCode: string;
  betterCode: string;
  /** What the user asked for beyond the target; empty where nothing. */
  instructions: string;
  /** What the flawed code draws; null where it does not render. */
  render: ExportImage | null;
  /** Overall scores, 0 to 1, of the flawed and of the better code; null where not scored. */
  scoreBefore: number | null;
  scoreAfter: number | null;
  /** Regions of the target where the render differs, in its pixels, worst first. */
  boxes: readonly Box[];
}

/**
 * VinciCoder's supervised data (DocTron-Hub/VinciCoder-1.6M-SFT, the `refine` shards as their users read them): one image as PNG
 * bytes, and the flawed and the correct code in a fenced block each. The further columns are Pentimento's own.
 */
export const refinementColumns = {
  user_content: string,
  assistant_content: string,
  image: imageBytes,
  render: imageBytes,
  score_before: float,
  score_after: float,
  boxes: list(struct({ x: int, y: int, width: int, height: int })),
} satisfies Columns;

/** The row of a refinement. Throws a TraceError where a text holds the image tag. */
export function refinementRow(refinement: Refinement): Row {
  const { target, render, fenceName, flawedCode, betterCode, instructions, scoreBefore, scoreAfter, boxes } =
    refinement;
  const request = [
    `${imageTag}${refinementRequest}`,
    withoutTags(instructions.trim()),
    fence(withoutTags(flawedCode), fenceName),
  ];
  return {
    user_content: request.filter(Boolean).join('\n\n'),
    assistant_content: fence(withoutTags(betterCode), fenceName),
    image: target,
    render,
    score_before: scoreBefore,
    score_after: scoreAfter,
    boxes,
  };
}
