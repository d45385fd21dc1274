import { uploadLimits } from '@pentimento/contracts';
import { fieldProblem, ProblemException } from '../http/problem.exception.ts';

const remedy = 'send the image as a data URL, data:image/png;base64,...';

/**
 * The bytes of an image in a message. Whether they are one is not checked here. `pointer` is the field.
 *
 * @throws ProblemException where the URL holds no data, or too much
 */
export function bytesOfDataUrl(url: string, pointer: string): Buffer {
  if (/^https?:/i.test(url)) {
    throw fieldProblem('invalid-request', pointer, `This server fetches nothing from other addresses: ${remedy}.`);
  }
  const comma = url.indexOf(',');
  const isBase64 = /^data:[^,]*;base64$/i.test(url.slice(0, Math.max(0, comma)));
  const bytes = isBase64 ? decoded(url.slice(comma + 1)) : undefined;
  if (!bytes) {
    throw fieldProblem('invalid-request', pointer, `The image is no data URL in base64: ${remedy}.`);
  }
  if (bytes.length <= uploadLimits.bytes) return bytes;
  const limit = `${uploadLimits.bytes / 2 ** 20} MiB`;
  throw new ProblemException('image-too-large', `The image is larger than ${limit}: send a smaller one.`, {
    errors: [{ pointer, detail: `An image may have ${limit}.` }],
  });
}

/** Undefined where the text is not base64, which Buffer would read slowly and in part. */
function decoded(text: string): Buffer | undefined {
  try {
    return Buffer.from(atob(text), 'latin1');
  } catch {
    return undefined;
  }
}
