import { Inject, Injectable } from '@nestjs/common';
import type { BlobId, Target } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { TargetNormalizer } from './target-normalizer.ts';

/** Stores the targets of jobs as they were sent and as the loop sees them. */
@Injectable()
export class TargetStorage {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly normalizer: TargetNormalizer,
  ) {}

  /** The bytes of the blob that a field of a request names. Throws a ProblemException where there is none. */
  async bytesOf(blob: BlobId, pointer: string): Promise<Uint8Array> {
    const bytes = await this.store.blobs.get(blob);
    if (bytes) return bytes;
    throw fieldProblem('invalid-request', pointer, 'There is no such blob; put the image with POST /v1/blobs first.');
  }

  /** Throws a ProblemException for an image that cannot be used. The device scale is the image's own where none is given. */
  async put(bytes: Uint8Array, deviceScale?: number): Promise<Target> {
    const { blobs } = this.store;
    const target = await this.normalizer.normalize(bytes);
    const [original, image] = await Promise.all([
      blobs.put(target.bytes, target.type),
      blobs.put(target.png, 'image/png'),
    ]);
    const { width, height, hadAlpha } = target;
    return { image, original, width, height, hadAlpha, deviceScale: deviceScale ?? target.deviceScale };
  }
}
