import { basename } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { codeMediaType, type CreateJob, type Job } from '@pentimento/contracts';
import type { Models } from '@pentimento/models';
import type { RenderService } from '@pentimento/render';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { MODELS } from '../models/models.provider.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { knownLanguage } from '../renders/known-language.ts';
import { RENDERERS } from '../renders/renderers.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { TargetNormalizer, type NormalizedTarget } from '../uploads/target-normalizer.ts';
import {
  validateCode,
  validateLanguage,
  validateModel,
  validateModelLanguage,
  validateProfile,
  validateStrategy,
} from './job-validation.ts';
import type { FormFile } from './multipart.ts';

/** Submits a job: checks everything first, then stores it, then enqueues it. */
@Injectable()
export class JobSubmission {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LANGUAGES) private readonly languages: Languages,
    @Inject(MODELS) private readonly models: Models,
    @Inject(RENDERERS) private readonly renderers: RenderService,
    private readonly normalizer: TargetNormalizer,
    private readonly queue: JobQueue,
  ) {}

  async submit(request: CreateJob, file: FormFile | undefined): Promise<Job> {
    knownLanguage(this.languages, request.language);
    validateProfile(request.policy.profile);
    const model = validateModel(this.models, request.model);
    validateModelLanguage(model, request);
    validateLanguage(await this.renderers.states([request.language]), model, request);
    validateStrategy(request.policy.strategy);
    validateCode(request.code);
    const target = await this.normalizer.normalize(await this.targetBytes(request, file));
    const job = await this.create(request, target, nameOf(request, file));
    await this.queue.enqueue(job.id, 0);
    return job;
  }

  private async targetBytes({ target }: CreateJob, file: FormFile | undefined): Promise<Uint8Array> {
    if (file && target)
      throw fieldProblem('invalid-request', '/target', 'Send the target as a file or as a blob id, not both.');
    if (file) return file.buffer;
    if (!target) {
      throw fieldProblem(
        'invalid-request',
        '/target',
        'Send a target: the id of a blob put with POST /v1/blobs, or a form with the file "target".',
      );
    }
    const bytes = await this.store.blobs.get(target);
    if (!bytes)
      throw fieldProblem(
        'invalid-request',
        '/target',
        'There is no such blob; put the image with POST /v1/blobs first.',
      );
    return bytes;
  }

  private async create(request: CreateJob, target: NormalizedTarget, name: string): Promise<Job> {
    const { language, model, policyVersion, instructions, policy, budget, code } = request;
    const { blobs } = this.store;
    const [original, image, initialCode] = await Promise.all([
      blobs.put(target.bytes, target.type),
      blobs.put(target.png, 'image/png'),
      code === undefined ? null : blobs.put(Buffer.from(code), codeMediaType),
    ]);
    const { width, height, hadAlpha } = target;
    const { deviceScale = target.deviceScale } = request;
    return this.store.createJob({
      name,
      target: { image, original, width, height, hadAlpha, deviceScale },
      ...{ language, model, policyVersion, instructions, policy, budget, initialCode },
    });
  }
}

const maxNameLength = 200;

function nameOf({ name }: CreateJob, file: FormFile | undefined): string {
  const chosen = name ?? basename(file?.originalname ?? '');
  return chosen.replaceAll(/\p{Cc}/gu, '').slice(0, maxNameLength) || 'untitled';
}
