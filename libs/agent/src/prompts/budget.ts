import { estimateImageTokens, estimateTextTokens, type ModelLimits, type Size } from '@pentimento/contracts';

/** What is left of the images and tokens that a prompt may have. Tokens are estimated. */
export class PromptBudget {
  #images: number;
  #tokens: number;

  constructor({ images, contextTokens }: ModelLimits) {
    this.#images = images;
    this.#tokens = contextTokens;
  }

  /** Takes what a text of so many characters costs, whether it fits or not. */
  spend(characters: number): void {
    this.#tokens -= estimateTextTokens(characters);
  }

  /** Takes what a text costs, if there is so much. */
  takeText(text: string): boolean {
    const fits = estimateTextTokens(text.length) <= this.#tokens;
    if (fits) this.spend(text.length);
    return fits;
  }

  /** Takes what the images cost together, if there is so much. */
  takeImages(sizes: readonly Size[]): boolean {
    const tokens = sizes.reduce((sum, size) => sum + estimateImageTokens(size), 0);
    const fits = sizes.length <= this.#images && tokens <= this.#tokens;
    if (fits) {
      this.#images -= sizes.length;
      this.#tokens -= tokens;
    }
    return fits;
  }
}
