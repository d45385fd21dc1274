import { editMarkers, type Task } from '@pentimento/contracts';
import type { TargetLanguage } from '../ports.ts';

/** The system text of every call. */
export function instructionsFor({ promptInstructions }: TargetLanguage): string {
  return [
    'You write code that draws a given picture. Your code is rendered and compared with the target picture, region by region.',
    promptInstructions,
    'A `task` block in the prompt states the task as data. Boxes are in pixels of the target, origin top left.',
  ].join('\n');
}

/** How the reply must look: a whole fenced block, or search/replace edits in one. */
export function answerRules(answer: Task['answer'], { fenceNames: [name] }: TargetLanguage): string {
  if (answer === 'code') return `Answer with all of the code in one fenced block that opens with \`\`\`${name}.`;
  return [
    `Answer with edits to the current code in one fenced block that opens with \`\`\`${name}, in this form:`,
    `\`\`\`${name}`,
    editMarkers.search,
    'lines of the current code, exactly as they stand, enough of them to be found once',
    editMarkers.divider,
    'the lines that replace them',
    editMarkers.replace,
    '```',
    'Write as many edits as you need. Change only what mends the patches; leave the rest as it is.',
  ].join('\n');
}
