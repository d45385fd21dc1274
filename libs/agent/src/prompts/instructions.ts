import { editMarkers, type Task } from '@pentimento/contracts';
import type { TargetLanguage } from '../ports.ts';

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
