import type { Box } from '@pentimento/contracts';
import type { ExportImage } from '@pentimento/traces';
import { bool, type Columns, float, image, int, list, type Row, string, struct } from '@pentimento/traces/tables';
import { imageTag } from './prompt-text.ts';

/** One place where a render differs from its target. */
interface LocatedFinding {
  /** In pixels of the target. */
  box: Box;
  /** What is wrong there, in words. */
  text: string;
  /** Score of the region, 0 to 1; null where it is not known. */
  score: number | null;
}

/** What a critic is shown, and what it should find. */
export interface CriticSample {
  target: ExportImage;
  render: ExportImage;
  /** Worst first; none where the render is right. */
  findings: readonly LocatedFinding[];
}

/** The reply where nothing is wrong. */
const doneReply = 'DONE';

/** ms-swift puts the next of `objects.ref` and of `objects.bbox` in the place of these tags, in the model's own notation. */
const findingLine = '<ref-object><bbox>';

const question = [
  imageTag,
  imageTag,
  'The first image is the target, the second is what the code draws. Name each region of the target in which the second image differs,',
  `worst first, one a line, with what differs. Reply ${doneReply} if there is none.`,
].join('\n');

/**
 * Columns of critic data as ms-swift reads grounding data (swift/template/base.py, docs "Custom dataset"): boxes are corners in pixels,
 * left, top, right, bottom, of the image that `image_id` names, which is the target.
 */
export const criticColumns = {
  messages: list(struct({ role: string, content: string })),
  images: list(image),
  objects: struct({ ref: list(string), bbox: list(list(float)), image_id: list(int) }),
  findings: list(struct({ x: int, y: int, width: int, height: int, text: string, score: float })),
  done: bool,
} satisfies Columns;

/** The values of `criticColumns`. */
export function criticRow({ target, render, findings }: CriticSample): Row {
  const done = findings.length === 0;
  const reply = done ? doneReply : findings.map(() => findingLine).join('\n');
  return {
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: reply },
    ],
    images: [target, render],
    objects: {
      ref: findings.map(({ text }) => text),
      bbox: findings.map(({ box: { x, y, width, height } }) => [x, y, x + width, y + height]),
      image_id: findings.map(() => 0),
    },
    findings: findings.map(({ box, text, score }) => ({ ...box, text, score })),
    done,
  };
}
