import type { RenderResult } from '@pentimento/contracts';
import type { Evidence, HostileProgram } from '@pentimento/render/languages';
import { countOfColor } from '../support/colors.ts';
import { isMagentaIn, type Canary } from './canary.ts';

/** What a render may take over its deadline: a second, and more on a machine that runs much else. */
export const graceMs = 1000;
export const busyGraceMs = 3000;

/** A result without its image, for a person to read. */
export const describeResult = (result: RenderResult): string => JSON.stringify({ ...result, image: undefined });

/** What a result shows that its program got at, in words; empty for nothing. */
export async function breachesIn(result: RenderResult, canary: Canary): Promise<string[]> {
  const text = describeResult(result);
  const breaches = {
    'the secret is told': text.includes(canary.secret),
    'an escape is told': text.includes('ESCAPED'),
    'the image has magenta': result.status === 'ok' && (await isMagentaIn(result.image)),
  };
  return Object.entries(breaches).flatMap(([breach, isFound]) => (isFound ? [breach] : []));
}

/** Whether a program ended in one of the ways that it may, and the result shows that it reached its attack. */
export async function showsItsAttack(result: RenderResult, { endings }: HostileProgram): Promise<boolean> {
  if (result.status === 'ok') return endings.ok !== undefined && isFoundIn(result, endings.ok);
  if (result.kind === 'unavailable') return false;
  const evidence = endings[result.kind];
  return evidence instanceof RegExp && evidence.test(result.message);
}

type Image = Extract<RenderResult, { status: 'ok' }>;

async function isFoundIn({ image, log, text, molecule }: Image, evidence: Evidence): Promise<boolean> {
  if (evidence instanceof RegExp) return evidence.test([log, text, molecule?.canonical].join('\n'));
  return (await countOfColor(image, evidence.color, tolerance)) >= minPixels;
}

const minPixels = 10;
const tolerance = 8;
