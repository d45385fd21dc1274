import { editMarkers, type Task } from '@pentimento/contracts';
import type { TargetLanguage } from '../ports.ts';

/** The system text of every call. */
export function instructionsFor({ promptInstructions, versions }: TargetLanguage): string {
  return [
    'You write code that reproduces a target image. Your code is rendered and compared with the target, region by region.',
    promptInstructions,
    ...(versions === undefined ? [] : [`It is drawn by ${versions}: write for these versions.`]),
    'A `task` block in the prompt states the task as data. Boxes are in pixels of the target, origin top left.',
  ].join('\n');
}

/** The form of the reply: the complete code in a fenced block, or search/replace edits in one. */
export function answerRules(answer: Task['answer'], { fenceNames: [name] }: TargetLanguage): string {
  if (answer === 'code') return `Reply with the complete code in one fenced block that opens with \`\`\`${name}.`;
  return [
    `Reply with edits to the current code in one fenced block that opens with \`\`\`${name}, in this form:`,
    `\`\`\`${name}`,
    editMarkers.search,
    'lines of the current code, copied exactly, enough of them to match only once',
    editMarkers.divider,
    'the lines that replace them',
    editMarkers.replace,
    '```',
    'Write as many edits as you need. Change only what improves the patches, and leave the rest unchanged.',
  ].join('\n');
}
