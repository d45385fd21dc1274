import { readTask, type BlobId, type Prompt, type TokenRecord } from '@pentimento/contracts';

/** vLLM writes this, or less, where it has no log-probability. */
const missingLogprob = -9999;

/**
 * What makes the tokens of a call wrong, in one sentence, or undefined. There is one log-probability a completion token, finite and at
 * most 0. Where the placeholders of the images are known, they are those of the prompt's images, in order and within the prompt.
 */
export function tokenProblem(tokens: TokenRecord, prompt: Prompt): string | undefined {
  const { completionTokenIds, logprobs } = tokens;
  if (logprobs.length !== completionTokenIds.length)
    return `There are ${completionTokenIds.length} completion tokens and ${logprobs.length} log-probabilities.`;
  const wrong = logprobs.find((logprob) => !Number.isFinite(logprob) || logprob > 0 || logprob <= missingLogprob);
  if (wrong !== undefined) return `${wrong} is not the log-probability of a token.`;
  return placeholderProblem(tokens, imagesOf(prompt));
}

/** What is wrong with the images of a prompt, or undefined: they are those of its task block, and the first is the target. */
export function promptImageProblem(prompt: Prompt): string | undefined {
  const texts = prompt.messages
    .flatMap(({ content }) => content)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const task = readTask(texts.join('\n'));
  if (!task) return undefined;
  const count = imagesOf(prompt).length;
  if (task.images.length !== count)
    return `The prompt has ${count} images and its task block names ${task.images.length}.`;
  return task.images[0]?.role === 'target' ? undefined : 'The first image of the prompt is not the target.';
}

/** The images of a prompt in the order sent. */
export const imagesOf = ({ messages }: Prompt): BlobId[] =>
  messages.flatMap(({ content }) => content).flatMap((part) => (part.type === 'image' ? [part.image] : []));

function placeholderProblem({ imagePlaceholders, promptTokenIds }: TokenRecord, images: readonly BlobId[]) {
  if (!imagePlaceholders) return undefined;
  if (imagePlaceholders.length !== images.length)
    return `There are ${imagePlaceholders.length} image placeholders and ${images.length} images in the prompt.`;
  let end = 0;
  for (const [index, { offset, length, image }] of imagePlaceholders.entries()) {
    if (image !== images[index])
      return `Placeholder ${index + 1} stands for another image than image ${index + 1} of the prompt.`;
    if (offset < end) return `Placeholder ${index + 1} begins before the one before it ends.`;
    end = offset + length;
  }
  return end > promptTokenIds.length ? 'The last placeholder ends after the prompt.' : undefined;
}
