import type { PromptSet } from './prompt-set.ts';

const opening = `{{screen}}

{{user}}

{{task}}

{{images}}`;

const guidance = `${opening}

{{marked}}

{{patches}}

{{locked}}

{{keep}}

{{tried}}

{{omitted}}`;

const ending = `{{alternatives}}

{{code}}

{{answer}}`;

/** For any model: the task as text and as data, the target, the render, and crops of the lowest-scoring patches. */
export const standard: PromptSet = {
  id: 'standard',
  version: 1,
  images: 'all',
  refineAnswer: 'edits',

  instructions: `You write code that reproduces a target image. Your code is rendered and compared with the target, region by region.
{{language}}
{{versions}}
A \`task\` block in the prompt states the task as data. Boxes are in pixels of the target, origin top left.`,

  templates: {
    draft: `Write code that draws the target, {{width}}x{{height}} pixels.

${opening}

{{marked}}

{{locked}}

{{omitted}}

{{answer}}`,

    repair: `The code below {{condition}}. Fix it so that it draws the target.

${opening}

{{marked}}

{{patches}}

{{locked}}

{{failure}}

{{omitted}}

${ending}`,

    refine: `The current code scores {{score}} of 1. Improve the patches listed below, where the render differs most from the target.

${guidance}

{{code}}

{{answer}}`,

    rewrite: `The current code scores {{score}} of 1. It is too different from the target to edit: rewrite it from scratch.

${guidance}

${ending}`,

    recombine: `The current code scores {{score}} of 1. Improve the patches listed below, where the render differs most from the target. Another candidate draws parts of the image better: take the best of both.

${guidance}

${ending}`,
  },
};
