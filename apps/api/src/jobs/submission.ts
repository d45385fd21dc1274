import { basename } from 'node:path';
import { codeMediaType, type CreateJob, type Job } from '@pentimento/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { knownLanguage } from '../http/known-language.ts';
import { fieldProblem } from '../http/problem.ts';
import { TargetIntake, type NormalisedTarget } from '../intake/target-intake.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { admitCode, admitLanguage, admitModel, admitWriting } from './admission.ts';
import type { FormFile } from './multipart.ts';

/** Takes a job in: everything is checked first, then stored, then queued. */
@Injectable()
export class Submission {
  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly intake: TargetIntake,
    private readonly queue: JobQueue,
  ) {}

  async submit(request: CreateJob, file: FormFile | undefined): Promise<Job> {
    const { languages, models, renderers } = this.services;
    knownLanguage(languages, request.language);
    const model = admitModel(models, request.model);
    admitWriting(model, request);
    admitLanguage(await renderers.states([request.language]), model, request);
    admitCode(request.code);
    const target = await this.intake.normalise(await this.targetBytes(request, file));
    const job = await this.store(request, target, nameOf(request, file));
    await this.queue.deliver(job.id, 0);
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
    const bytes = await this.services.store.blobs.get(target);
    if (!bytes)
      throw fieldProblem(
        'invalid-request',
        '/target',
        'There is no such blob; put the image with POST /v1/blobs first.',
      );
    return bytes;
  }

  private async store(request: CreateJob, target: NormalisedTarget, name: string): Promise<Job> {
    const { store } = this.services;
    const { language, model, instructions, policy, budget, code } = request;
    const [original, image, firstCode] = await Promise.all([
      store.blobs.put(target.bytes, target.type),
      store.blobs.put(target.png, 'image/png'),
      code === undefined ? null : store.blobs.put(Buffer.from(code), codeMediaType),
    ]);
    const { width, height, hadAlpha } = target;
    const { deviceScale = target.deviceScale } = request;
    return store.createJob({
      name,
      target: { image, original, width, height, hadAlpha, deviceScale },
      ...{ language, model, instructions, policy, budget, firstCode },
    });
  }
}

const longestName = 200;

function nameOf({ name }: CreateJob, file: FormFile | undefined): string {
  const given = name ?? basename(file?.originalname ?? '');
  return given.replaceAll(/\p{Cc}/gu, '').slice(0, longestName) || 'untitled';
}
