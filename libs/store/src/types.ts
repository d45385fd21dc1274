import type {
  BlobId,
  Candidate,
  CreateIntervention,
  CreateJob,
  CreateJudgment,
  FailedCall,
  Intervention,
  Iteration,
  Job,
  JobEvent,
  JobPage,
  Judgment,
  ListJobs,
  ModelCall,
  NewEvent,
  OpenTurn,
  PartialReply,
  RefinementResult,
  ReplyPosition,
  Rescore,
  Retention,
  RewardRecord,
  RoundStart,
  Storage,
  StoredAmount,
  StrayFiles,
  Tag,
  Target,
  WriteResult,
} from '@pentimento/contracts';
import type { Readable } from 'node:stream';
import type { BlobStore, ByteRange } from '@pentimento/blob-store';
import type { Heartbeat } from './heartbeat.ts';
import type { Exports } from './export-types.ts';

/** Input of `createJob`: the checked request, with its images and code already stored as blobs. */
export interface NewJob extends Omit<CreateJob, 'target' | 'name' | 'code' | 'deviceScale'> {
  name: string;
  target: Target;
  initialCode: BlobId | null;
  /** Default: null, a job of its own. */
  forkedFrom?: Job['forkedFrom'];
}

/** Input of `createIntervention`: the checked request. The code of an edit is the id of its blob. */
export type NewIntervention = CreateIntervention;

/** `queued`: the job had ended and is queued again, so that the caller enqueues it. */
export interface StoredIntervention {
  intervention: Intervention;
  queued: boolean;
}

/**
 * Why an intervention was not stored. `outside`: its box is not within the target. `no_candidate`: the job has no such candidate.
 * `no_render`: its candidate did not render. `not_ended`: a job that has not ended cannot be continued.
 */
export type InterventionRefusal = 'no_job' | 'episode' | 'outside' | 'no_candidate' | 'no_render' | 'not_ended';

/** `queued`: an edit waits, so that the job is queued again and ends after it; the caller enqueues it. */
export type FinishResult = WriteResult | 'queued';

/** A worker's hold on a job. Every write under it is conditional on `token` being the job's newest. */
export interface Claim {
  jobId: string;
  token: number;
  worker: string;
}

/** A job that no worker is working on, although it is not final. */
export interface OrphanedJob {
  jobId: string;
  token: number;
  reason: 'lost_enqueue' | 'dead_worker';
}

/** `no_other`: `preferredOver` is not another candidate of the same job. Nothing was stored. */
export type JudgmentRefusal = 'no_candidate' | 'no_other';

export interface Blobs {
  /** Stores the bytes in the blob store, with a row for their media type and size. Idempotent. */
  put(bytes: Uint8Array, mediaType: string): Promise<BlobId>;
  /** As `put`, for content that is not in memory. Rejects with a BlobMismatchError if the SHA-256 of the content is not `id`. */
  putStream(blob: { id: BlobId; mediaType: string; bytes: number }, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Null if there is no such blob. Rejects with a BlobMismatchError if the stored bytes no longer match their id. */
  get(id: BlobId): Promise<Uint8Array | null>;
  /** The bytes, or those of `range`, unverified. Null if there is no such blob. */
  getStream(id: BlobId, range?: ByteRange): Promise<Readable | null>;
  stat(id: BlobId): Promise<{ mediaType: string; bytes: number } | null>;
}

/** Input of `Episodes.begin`. */
export interface NewEpisode {
  session: string;
  group: string | null;
  imagesAsBlobs: boolean;
  /** How long it waits for a step before it is ended. */
  idleMs: number;
  /** Unfinished episodes of all sessions together. */
  maxOpen: number;
}

/** An episode as `Episodes.find` finds it. */
export interface EpisodeState {
  job: Job;
  /** Counts the claims: it is the same while no worker has changed anything. */
  token: number;
  imagesAsBlobs: boolean;
  /** Null where the episode has ended, or where its worker has yet to give out the next turn. */
  turn: OpenTurn | null;
  /** When it is ended if no step comes; null unless it waits for one. */
  expiresAt: string | null;
}

/** The jobs of the kind `environment`. They are claimed as other jobs are, and between two claims they wait for their caller. */
export interface Episodes {
  /**
   * Ends the session's unfinished episode, whoever works on it, and begins a new one that the worker has claimed. `full`: as many
   * as `maxOpen` are unfinished, and nothing was changed.
   */
  begin(
    job: NewJob,
    episode: NewEpisode,
    by: { worker: string; leaseMs: number },
  ): Promise<{ job: Job; claim: Claim } | 'full'>;
  /** The newest episode of the session; null: there is none. */
  find(session: string): Promise<EpisodeState | null>;
  /**
   * waiting -> running, also where a dead worker's lease has expired. Null: the episode is not as it was found, because another
   * worker holds it or has held it, or it has ended, as it does where `maxRecoveries` workers in a row have died over it.
   */
  claim(
    found: { jobId: string; token: number },
    worker: string,
    limits: { leaseMs: number; maxRecoveries: number },
  ): Promise<Claim | null>;
  /** Gives out a turn: running -> waiting, with a `job.waiting` event. A canceling episode ends as canceled instead. */
  open(claim: Claim, turn: OpenTurn): Promise<WriteResult>;
  /** Ends the session's newest episode as canceled, if it is unfinished. False: there is no such session. */
  end(session: string): Promise<boolean>;
}

/** Replies that models are writing. Nothing depends on them: a crash of PostgreSQL may lose them all, and they leave no trace. */
export interface PartialReplies {
  /** Replaces what is shown of these replies, takes away those that have `ended`, and wakes the tails. */
  write(claim: Claim, replies: readonly PartialReply[], ended: readonly ReplyPosition[]): Promise<WriteResult>;
  /** Those of the job's worker, by (iteration, candidate). Empty where no living worker holds the job. */
  list(jobId: string): Promise<PartialReply[]>;
  /** The list, at first and whenever it changes, until the signal aborts. A slow reader gets the newest one only. */
  tail(jobId: string, signal: AbortSignal): AsyncIterable<PartialReply[]>;
}

export interface Store {
  readonly blobs: Blobs;
  readonly exports: Exports;
  readonly episodes: Episodes;
  readonly partialReplies: PartialReplies;

  /** Row QUEUED with its `job.queued` event, in one transaction. */
  createJob(job: NewJob): Promise<Job>;
  getJob(id: string): Promise<Job | null>;
  listJobs(query: ListJobs): Promise<JobPage>;
  /** Queued or waiting: ends as canceled. Running: becomes canceling. Otherwise unchanged. Null: no such job. */
  cancelJob(id: string): Promise<{ job: Job; changed: boolean } | null>;
  /** Failed or canceled, and no episode: queued again, finished iterations kept, continuing after the last. Null: no such job. */
  retryJob(id: string): Promise<{ job: Job; changed: boolean } | null>;

  /**
   * Deletes the job with its iterations, candidates, calls, rewards, judgments and events, whatever its status. Blobs that
   * nothing else names are deleted later. False: no such job.
   */
  deleteJob(id: string): Promise<boolean>;

  /** Replaces the job's tags. Null: no such job. */
  setTags(id: string, tags: readonly Tag[]): Promise<Job | null>;

  listIterations(jobId: string): Promise<Iteration[]>;
  getIteration(jobId: string, index: number): Promise<Iteration | null>;
  /** All candidates, also those of the iteration in progress, by (iteration, index). */
  listCandidates(jobId: string): Promise<Candidate[]>;
  /**
   * Adds a reward of another version to a candidate. False: it has one of this version already, which stays, or there is no such
   * candidate.
   */
  addRescore(candidateId: string, reward: RewardRecord): Promise<boolean>;
  /** The rewards that were added to a job's candidates, the oldest first. */
  listRescores(jobId: string): Promise<Rescore[]>;
  /** The calls that gave no reply, the oldest first. */
  listFailedCalls(jobId: string): Promise<FailedCall[]>;
  getCandidate(id: string): Promise<Candidate | null>;

  /** Adds a judgment. Those of a candidate or pair that the author judged before stay, as history. */
  createJudgment(candidate: string, judgment: CreateJudgment): Promise<Judgment | JudgmentRefusal>;
  /** All judgments of a job, oldest first; `currentJudgments` says which count. */
  listJudgments(jobId: string): Promise<Judgment[]>;
  /** Marks a judgment as withdrawn, once. False: no such judgment. */
  withdrawJudgment(id: string): Promise<boolean>;

  /** Adds an intervention with its event. An ended job is queued again for an edit, or to continue. */
  createIntervention(jobId: string, intervention: NewIntervention): Promise<StoredIntervention | InterventionRefusal>;
  /** All interventions of a job, the oldest first. */
  listInterventions(jobId: string): Promise<Intervention[]>;
  /** Marks an intervention as withdrawn, once. `in_effect`: it cannot be undone any more. */
  withdrawIntervention(id: string): Promise<'withdrawn' | 'in_effect' | 'no_intervention'>;

  /** Events with `seq` > `after`, in order. */
  listEvents(jobId: string, after: number, limit?: number): Promise<JobEvent[]>;
  /**
   * Batches of events after `after` as they are stored, until the signal aborts or the job is deleted. LISTEN/NOTIFY wakes it, with a slow poll
   * in case a notification is lost; it reconnects by itself. It never skips or repeats a sequence number.
   */
  tailEvents(jobId: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent[]>;

  /** One conditional update: queued -> running with a new token and a lease. Null: another worker has the job, or it has ended. */
  claim(jobId: string, worker: string, leaseMs: number): Promise<Claim | null>;
  /** Calls `wake` when the job is to stop or is deleted, as its next heartbeat will say. Returns the function that unsubscribes. */
  onStop(jobId: string, wake: () => void): () => void;
  /** Extends the lease and adds the seconds since the last heartbeat to `spent.seconds`. */
  heartbeat(claim: Claim, leaseMs: number): Promise<Heartbeat>;
  emit(claim: Claim, event: NewEvent): Promise<WriteResult>;
  /**
   * Decides, once, which interventions hold from the round on whose first iteration this is: those that wait do, and those that were
   * withdrawn no longer do. Later calls for the same round return what was decided.
   */
  beginRound(claim: Claim, iteration: number): Promise<RoundStart | Extract<WriteResult, 'lost'>>;
  /** Needs no hold on the job. */
  findCall(claim: Pick<Claim, 'jobId'>, iteration: number, candidate: number): Promise<ModelCall | null>;
  /** Also adds its usage to `spent`. Unique on (job, iteration, candidate). */
  recordCall(claim: Claim, call: ModelCall): Promise<WriteResult>;
  recordFailedCall(claim: Claim, call: FailedCall): Promise<WriteResult>;
  findCandidate(claim: Claim, iteration: number, index: number): Promise<Candidate | null>;
  appendCandidate(claim: Claim, candidate: Candidate, event: NewEvent): Promise<WriteResult>;
  /**
   * Stores the iterations of a round in one transaction, so that a stored trajectory has whole rounds only. Also sets the job's
   * `best` and appends to its `scores`. Unique on (job, index).
   */
  appendRound(claim: Claim, round: readonly { iteration: Iteration; event: NewEvent }[]): Promise<WriteResult>;
  /** One conditional update: status from `statusAfter`, with its `job.finished` event. */
  finish(claim: Claim, result: RefinementResult): Promise<FinishResult>;
  /**
   * Queues the job again (shutdown, outage), with a `job.queued` event of reason `recovered`. An episode waits for its caller
   * again, at the turn that it was at.
   */
  release(claim: Claim): Promise<WriteResult>;

  /**
   * Queues jobs whose lease expired again (canceling ones end as canceled; one that was recovered `maxRecoveries` times
   * without any new row ends as failed; an episode of a dead worker waits for its caller again, one of an idle caller ends as
   * canceled). Returns them, and the queued jobs that no worker claimed within `queuedMs`: the
   * caller enqueues each of them again.
   */
  sweep(options: { queuedMs: number; maxRecoveries: number }): Promise<OrphanedJob[]>;

  /** How much is stored, and how much of it `prune` would delete now. */
  describeStorage(options: PruneOptions): Promise<Omit<Storage, 'strayFiles'>>;
  /**
   * Deletes the ended jobs that the retention does not keep, and the blobs that no row names. Returns how much it deleted;
   * null if another process is pruning. On abort it stops after the step that is under way.
   */
  prune(options: PruneOptions): Promise<StoredAmount | null>;
  /**
   * Finds blobs of the blob store that have no row, and deletes them unless it is a dry run.
   * @throws ForeignBlobStoreError if the blob store seems to belong to another database.
   */
  findStrayFiles(options: { graceMs: number; dryRun: boolean }): Promise<StrayFiles>;

  /** Rejects with an OutageError if PostgreSQL does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface PruneOptions {
  retention: Retention;
  /** How long a blob that no row names is kept after it was last put. It must be longer than any iteration takes. */
  graceMs: number;
  signal?: AbortSignal;
}

export interface StoreOptions {
  databaseUrl: string;
  /** Where the bytes of blobs are kept (`openBlobStore`). */
  blobs: BlobStore;
  clock?: { now(): number };
}
