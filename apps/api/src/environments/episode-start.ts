import { Inject, Injectable } from '@nestjs/common';
import { searchStrategies } from '@pentimento/agent';
import { type ResetEnvironment } from '@pentimento/api-contracts';
import { codeMediaType, type Job } from '@pentimento/contracts';
import type { RenderService } from '@pentimento/render';
import type { Claim, Store } from '@pentimento/store';
import { workerName } from '../claims/worker-name.ts';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem, ProblemException } from '../http/problem.exception.ts';
import { nameOf } from '../jobs/job-submission.ts';
import {
  validateCode,
  validateLanguage,
  validatePromptSet,
  validateStrategy,
  validateThreshold,
} from '../jobs/job-validation.ts';
import { knownLanguage } from '../renders/known-language.ts';
import { RENDERERS } from '../renders/renderers.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { TargetStorage } from '../uploads/target-storage.ts';

/** When a place may be free again: sessions end with their last step, or by DELETE. */
const retryAfterSeconds = 10;

/** Begins episodes: checks everything first, then stores the task. */
@Injectable()
export class EpisodeStart {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LANGUAGES) private readonly languages: Languages,
    @Inject(RENDERERS) private readonly renderers: RenderService,
    private readonly targets: TargetStorage,
  ) {}

  /** Throws a ProblemException for a task that cannot be stepped through. */
  async validate(request: ResetEnvironment): Promise<void> {
    knownLanguage(this.languages, request.language);
    validateThreshold(request.policy);
    validateStrategy(request.policy.strategy);
    validatePromptSet(request.policy.promptSet, null);
    validateSingleGroup(request.policy.strategy);
    validateCode(request.code, 'leave it out to start from a draft');
    const writer = { name: request.model, trusted: false };
    validateLanguage(await this.renderers.states([request.language]), writer, request);
  }

  /** Ends the session's unfinished episode. Throws a ProblemException where too many sessions are open. */
  async begin(session: string, request: ResetEnvironment): Promise<{ job: Job; claim: Claim }> {
    const { language, model, instructions, policy, budget, group, policyVersion, images } = request;
    const { idleMs, maxOpen } = this.settings.environments;
    const begun = await this.store.episodes.begin(
      {
        ...{ name: nameOf(request), language, model, policyVersion, instructions, policy, budget },
        target: await this.targets.put(await this.targetBytes(request), request.deviceScale),
        initialCode: await this.putCode(request),
      },
      { session, group, imagesAsBlobs: images === 'blobs', idleMs, maxOpen },
      { worker: workerName, leaseMs: this.settings.queue.leaseMs },
    );
    if (begun !== 'full') return begun;
    const detail = `${maxOpen} sessions are open: end some with DELETE, or raise PENTIMENTO_ENVIRONMENT_SESSIONS.`;
    throw new ProblemException('busy', detail, { retryAfterSeconds });
  }

  private async targetBytes({ target: { blob, data = '' } }: ResetEnvironment): Promise<Uint8Array> {
    return blob === undefined ? Buffer.from(data, 'base64') : this.targets.bytesOf(blob, '/target/blob');
  }

  private async putCode({ code }: ResetEnvironment): Promise<string | null> {
    return code === undefined ? null : this.store.blobs.put(Buffer.from(code), codeMediaType);
  }
}

function validateSingleGroup(id: string): void {
  const usable = searchStrategies.filter(({ singleGroup }) => singleGroup).map((strategy) => strategy.id);
  if (usable.includes(id)) return;
  const detail = `The strategy "${id}" asks for several replies at once: choose ${usable.join(', ')}.`;
  throw fieldProblem('invalid-request', '/policy/strategy', detail);
}
