import type { PromptTemplate } from '@pentimento/contracts';

/** What a prompt asks for. `recombine` is a refine prompt that shows other candidates too. */
export type TemplateName = PromptTemplate['name'];

/**
 * The texts of all prompts of one way to ask. A template is paragraphs with slots, `{{name}}`, which `../prompt.ts` fills; a paragraph
 * whose slots are all empty is left out. `{{images}}` is where the images are, each with a line that numbers it.
 */
export interface PromptSet {
  /** As `policy.promptSet` names it. */
  readonly id: string;
  /** Counts the changes of its texts: a test pins the hash of each version. */
  readonly version: number;
  /** The system text; none where it is empty. */
  readonly instructions: string;
  readonly templates: Readonly<Record<TemplateName, string>>;
  /** Which images are sent: the target, the render and crops of both, or the target without a line of text. */
  readonly images: 'all' | 'target';
  /** What a refine prompt asks for; the others ask for the complete code. */
  readonly refineAnswer: 'edits' | 'code';
}

/** Slots of the texts. `images` stands for message parts. */
export type Slots = Readonly<Record<string, string | undefined>>;
