import { basename } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { codeMediaType, type CreateJob, type Job, type Target } from '@pentimento/contracts';
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
import { TargetStorage } from '../uploads/target-storage.ts';
import {
  validateCode,
  validateLanguage,
  validateModel,
  validateModelLanguage,
  validatePromptSet,
  validateThreshold,
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
    private readonly targets: TargetStorage,
    private readonly queue: JobQueue,
  ) {}

  async submit(request: CreateJob, file: FormFile | undefined): Promise<Job> {
    await this.validate(request);
    validateCode(request.code, 'leave it out to start from a draft');
    const target = await this.targets.put(await this.targetBytes(request, file), request.deviceScale);
    const job = await this.create(request, target, nameOf(request, file));
    await this.queue.enqueue(job.id, 0);
    return job;
  }

  /** `ownCode`: some of the code that is rendered comes from a person. Default: whether there is initial code. */
  async validate(
    request: Pick<CreateJob, 'language' | 'model' | 'policy' | 'code'>,
    { ownCode = request.code !== undefined } = {},
  ): Promise<void> {
    knownLanguage(this.languages, request.language);
    validateThreshold(request.policy);
    const model = validateModel(this.models, request.model);
    validateModelLanguage(model, request);
    const { language, code = '' } = request;
    validateLanguage(await this.renderers.states([language]), model, { language, ...(ownCode && { code }) });
    validateStrategy(request.policy.strategy);
    validatePromptSet(request.policy.promptSet, request.model);
  }

  /** Throws a ProblemException where code of a person cannot be rendered here. */
  async validateRendering({ language, model }: Pick<CreateJob, 'language' | 'model'>, code: string): Promise<void> {
    const writer = { name: model, trusted: false };
    validateLanguage(await this.renderers.states([language]), writer, { language, code });
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
    return this.targets.bytesOf(target, '/target');
  }

  private async create(request: CreateJob, target: Target, name: string): Promise<Job> {
    const { language, model, policyVersion, instructions, policy, budget, code } = request;
    const initialCode = code === undefined ? null : await this.store.blobs.put(Buffer.from(code), codeMediaType);
    return this.store.createJob({
      name,
      target,
      language,
      model,
      policyVersion,
      instructions,
      policy,
      budget,
      initialCode,
    });
  }
}

const maxNameLength = 200;

export function nameOf({ name }: Pick<CreateJob, 'name'>, file?: FormFile): string {
  const chosen = name ?? basename(file?.originalname ?? '');
  return chosen.replaceAll(/\p{Cc}/gu, '').slice(0, maxNameLength) || 'untitled';
}
