import { refinementRequest } from '@pentimento/contracts';
import type { PromptSet } from './prompt-set.ts';

const draft = `{{images}}

Write the {{fence}} code that draws this image.

{{user}}

{{marked}}

{{locked}}`;

const refinement = `{{images}}

${refinementRequest}

{{user}}

{{marked}}

{{locked}}

{{block}}`;

/**
 * For models trained on VinciCoder's data (arXiv 2511.00391; DocTron-Hub/VinciCoder-1.6M-SFT as its users read it): one image, the
 * target, and for a refinement the flawed code. The words are those of the export format `vincicoder-sft`: the published ones are not
 * known here, but that the published reward finds the language in the prompt by its name.
 */
export const vincicoder: PromptSet = {
  id: 'vincicoder',
  version: 1,
  images: 'target',
  refineAnswer: 'code',
  instructions: '',
  templates: { draft, repair: refinement, refine: refinement, rewrite: refinement, recombine: refinement },
};
