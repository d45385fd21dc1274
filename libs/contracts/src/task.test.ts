import { expect, it } from 'vitest';
import { readTask, writeTask, type Task } from './task.ts';

const box = { x: 1, y: 2, width: 3, height: 4 };
const task: Task = {
  task: 'refine',
  language: 'svg',
  answer: 'edits',
  size: { width: 64, height: 48 },
  images: [{ image: 1, role: 'target', width: 64, height: 48, box }],
  score: 0.5,
  patches: [{ patch: 1, box, score: 0.2, change: null, lostShare: 0.4, target: 1, render: 1 }],
  keep: [],
};

it('reads back the task of a prompt from the text around it', () => {
  expect(readTask(`Improve the patches.\n\n${writeTask(task)}\n\n\`\`\`svg\n<svg/>\n\`\`\``)).toEqual(task);
});

it.each([
  ['no block', 'Improve the patches.'],
  ['a block that is no JSON', '```task\n{\n```'],
  ['a task with an unknown field', `\`\`\`task\n${JSON.stringify({ ...task, more: 1 })}\n\`\`\``],
])('has no task where there is %s', (_, text) => {
  expect(readTask(text)).toBeUndefined();
});
