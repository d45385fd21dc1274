import type { Journal, Ports } from '@pentimento/agent';
import type { Claim, Store } from '@pentimento/store';
import { v7 as uuid } from 'uuid';
import { cropRegions, fitWithin } from '@pentimento/imaging';
import { blobPort } from './blob-port.ts';
import type { Services } from './services.ts';

/** The store's fenced writes, bound to one worker's claim. */
function journal(store: Store, claim: Claim): Journal {
  return {
    findCall: (iteration, candidate) => store.findCall(claim, iteration, candidate),
    recordCall: (call) => store.recordCall(claim, call),
    findCandidate: (iteration, index) => store.findCandidate(claim, iteration, index),
    appendCandidate: (candidate, event) => store.appendCandidate(claim, candidate, event),
    appendIteration: (iteration, event) => store.appendIteration(claim, iteration, event),
    emit: (event) => store.emit(claim, event),
  };
}

/** What the agent's ports are made of: this is where the libraries are checked against them. */
export function refinementPorts({ store, models, renderers, reward }: Services, claim: Claim): Ports {
  return {
    model: models,
    render: renderers,
    reward,
    images: { fit: fitWithin, crops: cropRegions },
    blobs: blobPort(store.blobs),
    journal: journal(store, claim),
    clock: { now: () => Date.now(), timeout: (ms) => AbortSignal.timeout(ms) },
    newCandidateId: () => `cand_${uuid()}`,
  } satisfies Ports;
}
