import { fence, writeEdit } from '@pentimento/contracts';
import { seededRandom } from '../search/random.ts';
import type { ScriptedReply } from './scripted-ports.ts';

/** Replies by the prompt and the seed alone: some do not parse, some do not render, most differ a little in score. */
export const varied: ScriptedReply = ({ task, prompt, seed }) => {
  const random = seededRandom(hashOf(JSON.stringify(prompt)), seed ?? 0);
  const chance = random();
  if (task.task !== 'draft' && chance < 0.15) return 'I have no idea.';
  if (task.task !== 'draft' && chance < 0.3) return fence('<broken', 'svg');
  const changed = `draw ${(0.3 + 0.6 * random()).toFixed(3)} worst ${Math.floor(random() * 16)}`;
  if (task.answer === 'code') return fence(changed, 'svg');
  const current = /```svg\n(draw .*)\n```/.exec(JSON.stringify(prompt).replaceAll('\\n', '\n'))![1]!;
  return fence(writeEdit({ search: current, replace: changed }), 'svg');
};

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
