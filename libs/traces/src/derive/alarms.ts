import { type Candidate, type Size } from '@pentimento/contracts';
import { embedsBitmap } from '@pentimento/replies';

/**
 * Signs that a score does not mean what it says. They mark rows and never change a score: an embedding alone can be fooled
 * (Visual-ERM, arXiv 2603.13224).
 */
const alarms = [
  'visual_without_text',
  'visual_without_color',
  'visual_without_detail',
  'blank',
  'embeds_bitmap',
  'copies_prompt',
] as const;
export type Alarm = (typeof alarms)[number];

/** A visual score from here on is high. */
const highVisual = 0.9;
/** A term below this is low. */
const lowTerm = 0.5;
/** Lines of the prompt this long that the code repeats as a whole are copied. */
const copiedLength = 80;

export interface AlarmInput {
  candidate: Candidate;
  /** The candidate's code; null where there is none. */
  code: string | null;
  target: Size;
  /** The text of the prompt's task apart from the current code, which code repeats rightly; empty where there is no prompt. */
  instructions: string;
}

/** The alarms of a candidate, in the order of `alarms`. */
export function alarmsOf({ candidate, code, target, instructions }: AlarmInput): Alarm[] {
  const { terms } = candidate.reward;
  const rendered = candidate.render?.status === 'ok';
  const high = rendered && terms.visual >= highVisual;
  const low = (id: string) => high && typeof terms[id] === 'number' && terms[id] < lowTerm;
  const raised: Record<Alarm, boolean> = {
    visual_without_text: low('text'),
    visual_without_color: low('color'),
    visual_without_detail: low('windows'),
    blank: candidate.reward.empty || (candidate.render?.status === 'failed' && candidate.render.kind === 'empty'),
    embeds_bitmap: code !== null && embedsBitmap(code, target),
    copies_prompt: code !== null && copiesLine(code, instructions),
  };
  return alarms.filter((alarm) => raised[alarm]);
}

function copiesLine(code: string, instructions: string): boolean {
  const lines = instructions.split('\n').map((line) => line.trim());
  return lines.some((line) => line.length >= copiedLength && code.includes(line));
}
