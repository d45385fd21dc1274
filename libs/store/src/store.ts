import { createBlobs } from './database/blobs.ts';
import { claimJob, emit, finish, heartbeat, release, sweep } from './database/claims.ts';
import { createJobListener, stopChannel } from './database/channels.ts';
import { Database } from './database/client.ts';
import { createEpisodes } from './database/episodes.ts';
import { listEvents } from './database/events.ts';
import { cancelJob, createJob, deleteJob, getJob, listJobs, retryJob, setTags } from './database/jobs.ts';
import { createJudgment, listJudgments, withdrawJudgment } from './database/judgments.ts';
import { beginRound, createIntervention, listInterventions, withdrawIntervention } from './database/interventions.ts';
import { createExports } from './database/exports.ts';
import { createPartialReplies } from './database/partial-replies.ts';
import { addRescore, listRescores } from './database/rescores.ts';
import { describeStorage, findStrayFiles, prune } from './database/storage.ts';
import { tailEvents } from './database/tail.ts';
import * as trajectory from './database/trajectory.ts';
import type { Store, StoreOptions } from './types.ts';

/**
 * The store on a migrated PostgreSQL database (`migrate`) and a blob store (`openBlobStore`). It connects at the first use.
 * Methods reject with an OutageError if PostgreSQL does not answer; then nothing of the call was stored, or all of it.
 */
export function createStore(options: StoreOptions): Store {
  const database = new Database(options.databaseUrl, options.clock);
  const listener = createJobListener(options.databaseUrl);
  return {
    blobs: createBlobs(database, options.blobs),
    exports: createExports(database),
    episodes: createEpisodes(database),
    partialReplies: createPartialReplies(database, listener),

    createJob: (job) => createJob(database, job),
    getJob: (id) => getJob(database, id),
    listJobs: (query) => listJobs(database, query),
    cancelJob: (id) => cancelJob(database, id),
    retryJob: (id) => retryJob(database, id),
    deleteJob: (id) => deleteJob(database, id),
    setTags: (id, tags) => setTags(database, id, tags),

    listIterations: (jobId) => trajectory.listIterations(database, jobId),
    getIteration: (jobId, index) => trajectory.getIteration(database, jobId, index),
    listCandidates: (jobId) => trajectory.listCandidates(database, jobId),
    addRescore: (candidateId, reward) => addRescore(database, candidateId, reward),
    listRescores: (jobId) => listRescores(database, jobId),
    listFailedCalls: (jobId) => trajectory.listFailedCalls(database, jobId),
    getCandidate: (id) => trajectory.getCandidate(database, id),

    createJudgment: (candidate, judgment) => createJudgment(database, candidate, judgment),
    listJudgments: (jobId) => listJudgments(database, jobId),
    withdrawJudgment: (id) => withdrawJudgment(database, id),

    createIntervention: (jobId, intervention) => createIntervention(database, jobId, intervention),
    listInterventions: (jobId) => listInterventions(database, jobId),
    withdrawIntervention: (id) => withdrawIntervention(database, id),

    listEvents: (jobId, after, limit) => listEvents(database, jobId, after, limit),
    tailEvents: (jobId, after, signal) => tailEvents(database, listener, jobId, after, signal),

    onStop: (jobId, wake) => listener.subscribe(stopChannel, jobId, wake),
    claim: (jobId, worker, leaseMs) => claimJob(database, jobId, worker, leaseMs),
    heartbeat: (claim, leaseMs) => heartbeat(database, claim, leaseMs),
    emit: (claim, event) => emit(database, claim, event),
    beginRound: (claim, iteration) => beginRound(database, claim, iteration),
    findCall: (claim, iteration, candidate) => trajectory.findCall(database, claim.jobId, iteration, candidate),
    recordCall: (claim, call) => trajectory.recordCall(database, claim, call),
    recordFailedCall: (claim, call) => trajectory.recordFailedCall(database, claim, call),
    findCandidate: (claim, iteration, index) => trajectory.findCandidate(database, claim.jobId, iteration, index),
    appendCandidate: (claim, candidate, event) => trajectory.appendCandidate(database, claim, candidate, event),
    appendRound: (claim, round) => trajectory.appendRound(database, claim, round),
    finish: (claim, result) => finish(database, claim, result),
    release: (claim) => release(database, claim),
    sweep: (limits) => sweep(database, limits),

    describeStorage: (settings) => describeStorage(database, options.blobs, settings),
    prune: (settings) => prune(database, options.blobs, settings),
    findStrayFiles: (settings) => findStrayFiles(database, options.blobs, settings),

    async ping() {
      await database.run((queries) => queries.$queryRaw`SELECT 1`);
    },
    async close() {
      await listener.close();
      await database.close();
    },
  };
}
