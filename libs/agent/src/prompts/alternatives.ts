import { fence, type Box, type Candidate, type Size, type Target } from '@pentimento/contracts';
import { betterRegions } from '@pentimento/patches';
import type { BlobPort, ImagePort, TargetLanguage } from '../ports.ts';
import { overallOf, renderOf } from '../search/steps.ts';
import type { PromptBudget } from './budget.ts';
import { boxText } from './history.ts';
import { cropSides, wholeSide, type NumberedImages } from './images.ts';

/** What a prompt with further candidates needs of its input. */
interface AlternativesInput {
  parent: Candidate | null;
  alternatives: readonly { candidate: Candidate; code: string | null }[];
  target: Target;
  language: TargetLanguage;
}

interface AlternativePorts {
  budget: PromptBudget;
  images: ImagePort;
  blobs: BlobPort;
}

/**
 * Adds the render of each alternative, and crops of the regions in which it is better than the parent. Returns their descriptions with
 * their code, in order. One whose code does not fit is omitted.
 */
export async function addAlternatives(
  images: NumberedImages,
  { parent, alternatives, target, language }: AlternativesInput,
  ports: AlternativePorts,
): Promise<{ texts: string[]; omitted: number }> {
  const size = { width: target.width, height: target.height };
  const texts: string[] = [];
  let omitted = 0;
  for (const { candidate, code } of alternatives) {
    const image = await imageOf(candidate, ports.blobs);
    if (!image || code === null) continue;
    const block = fence(code, language.fenceNames[0]);
    if (!ports.budget.takeText(block)) {
      omitted++;
      continue;
    }
    const whole = images.add('alternative', { x: 0, y: 0, ...size }, await ports.images.fit(image, wholeSide));
    const boxes = betterRegions(candidate.reward.map, parent?.reward.map ?? null, size);
    const regions = await addRegions(images, image, { boxes, size }, ports.images);
    const score = `Another candidate scores ${overallOf(candidate).toFixed(3)}${whole === null ? '' : `; image ${whole} shows what it draws`}.`;
    const better = regions.length > 0 ? ` It is better in ${regions.join(' and in ')}.` : '';
    const request = 'Use the parts of it that are better:';
    texts.push(`${score}${better} ${request}\n\n${block}`);
  }
  return { texts, omitted };
}

/** Adds a crop of each region. Returns their boxes in words, with the number of the crop. */
async function addRegions(
  images: NumberedImages,
  image: Uint8Array,
  { boxes, size }: { boxes: readonly Box[]; size: Size },
  port: ImagePort,
): Promise<string[]> {
  const crops = await port.crops(image, boxes, size, cropSides);
  const words: string[] = [];
  for (const [index, crop] of crops.entries()) {
    const number = images.add('alternative', boxes[index]!, crop);
    words.push(`${boxText(boxes[index]!)}${number === null ? '' : ` (image ${number})`}`);
  }
  return words;
}

/** The image that a candidate's code draws; null where it did not render. */
export async function imageOf(candidate: Candidate, blobs: BlobPort): Promise<Uint8Array | null> {
  const blob = renderOf(candidate);
  return blob === null ? null : blobs.get(blob);
}
