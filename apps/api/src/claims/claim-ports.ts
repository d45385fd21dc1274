import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BlobPort, LoopPorts, TrajectoryStore } from '@pentimento/agent';
import { fitWithin, RegionCropper } from '@pentimento/imaging';
import type { RenderService } from '@pentimento/render';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import { LOOP_BLOBS } from '../blobs/loop-blobs.ts';
import { STORE } from '../database/store.provider.ts';
import { RENDERERS } from '../renders/renderers.provider.ts';
import { REWARD, type Scorer } from '../rewards/reward.provider.ts';
import { LOGGER } from '../runtime/logging.ts';
import { scorerPort } from './scorer-port.ts';

/** The libraries as the agent's ports: here the compiler checks them against each other. */
@Injectable()
export class ClaimPorts {
  private readonly cropper = new RegionCropper();

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(RENDERERS) private readonly renderers: RenderService,
    @Inject(REWARD) private readonly reward: Scorer,
    @Inject(LOOP_BLOBS) private readonly blobs: BlobPort,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The ports of one run of the loop, whose writes are fenced by the claim. */
  of(claim: Claim): LoopPorts {
    return {
      render: this.renderers,
      reward: scorerPort(this.reward, this.logger),
      images: { fit: fitWithin, crops: (...args) => this.cropper.crops(...args) },
      blobs: this.blobs,
      trajectory: trajectoryOf(this.store, claim),
      clock: { now: () => Date.now(), timeout: (ms) => AbortSignal.timeout(ms) },
      newCandidateId: () => `cand_${uuid()}`,
      nextTurn: () => setImmediate(),
      onUnexpectedError: (error) => this.logger.error({ err: error, jobId: claim.jobId }, 'A reply could not be read.'),
    };
  }
}

function trajectoryOf(store: Store, claim: Claim): TrajectoryStore {
  return {
    beginRound: (iteration) => store.beginRound(claim, iteration),
    findCall: (iteration, candidate) => store.findCall(claim, iteration, candidate),
    recordCall: (call) => store.recordCall(claim, call),
    recordFailedCall: (call) => store.recordFailedCall(claim, call),
    findCandidate: (iteration, index) => store.findCandidate(claim, iteration, index),
    appendCandidate: (candidate, event) => store.appendCandidate(claim, candidate, event),
    appendRound: (round) => store.appendRound(claim, round),
    emit: (event) => store.emit(claim, event),
  };
}
