import { createHash } from 'node:crypto';
import type { BlobPort, TrajectoryStore } from '@pentimento/agent';
import type { Iteration, NewEvent } from '@pentimento/contracts';

/** Blobs in memory, by SHA-256 as in the store. */
export function memoryBlobs(): BlobPort {
  const blobs = new Map<string, Uint8Array>();
  return {
    put: (bytes) => {
      const id = createHash('sha256').update(bytes).digest('hex');
      blobs.set(id, bytes);
      return Promise.resolve(id);
    },
    get: (id) => {
      const bytes = blobs.get(id);
      return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`No blob ${id}.`));
    },
  };
}

/** A trajectory in memory whose claim is never lost. */
export function memoryTrajectory(): TrajectoryStore & { iterations: Iteration[]; events: NewEvent[] } {
  const iterations: Iteration[] = [];
  const events: NewEvent[] = [];
  const note = (event: NewEvent) => Promise.resolve((events.push(event), 'written' as const));
  return {
    iterations,
    events,
    beginRound: () => Promise.resolve({ interventions: [], endsAs: null }),
    findCall: () => Promise.resolve(null),
    findCandidate: () => Promise.resolve(null),
    recordCall: () => Promise.resolve('written'),
    recordFailedCall: () => Promise.resolve('written'),
    appendCandidate: (_, event) => note(event),
    appendRound: (round) => {
      iterations.push(...round.map(({ iteration }) => iteration));
      events.push(...round.map(({ event }) => event));
      return Promise.resolve('written');
    },
    emit: note,
  };
}
