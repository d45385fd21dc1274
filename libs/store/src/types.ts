import type {
  BlobId,
  Candidate,
  CreateJob,
  Iteration,
  Job,
  JobError,
  JobEvent,
  JobPage,
  ListJobs,
  ModelCall,
  NewEvent,
  Outcome,
  StopReason,
  Target,
} from '@pentimento/contracts';

/** What `createJob` needs: the checked request with its images and code already stored as blobs. */
export interface NewJob extends Omit<CreateJob, 'target' | 'name' | 'code' | 'deviceScale'> {
  name: string;
  target: Target;
  initialCode: BlobId | null;
}

/** A worker's hold on a job. Every write under it is conditional on `token` being the job's newest. */
export interface Claim {
  jobId: string;
  token: number;
  worker: string;
}

/** `lost` is a value: somebody else claimed the job, or it has ended. */
export type Written = 'written' | 'lost';

/** What a heartbeat finds. `canceling`: still held, and the user wants it to stop. */
export type Heartbeat = 'held' | 'canceling' | 'lost';

export interface Ending {
  stopReason: StopReason;
  outcome: Outcome | null;
  detail: string;
  error: JobError | null;
}

/** A job that nobody works on though somebody should. */
export interface Stranded {
  jobId: string;
  token: number;
  reason: 'lost_enqueue' | 'dead_worker';
}

export interface BlobDriver {
  /** Idempotent: equal bytes are stored once, atomically (a crash leaves no half-written blob under its id). */
  put(bytes: Uint8Array): Promise<BlobId>;
  /** Null where there is no such blob. Throws where the stored bytes no longer match their id. */
  get(id: BlobId): Promise<Uint8Array | null>;
  has(id: BlobId): Promise<boolean>;
}

export interface Blobs {
  /** Stores the bytes with the driver and their row (media type, size). Idempotent. */
  put(bytes: Uint8Array, mediaType: string): Promise<BlobId>;
  get(id: BlobId): Promise<Uint8Array | null>;
  stat(id: BlobId): Promise<{ mediaType: string; bytes: number } | null>;
}

export interface Store {
  readonly blobs: Blobs;

  /** Row QUEUED with its `job.queued` event, in one transaction. */
  createJob(job: NewJob): Promise<Job>;
  getJob(id: string): Promise<Job | null>;
  listJobs(query: ListJobs): Promise<JobPage>;
  /** Queued: ends as canceled. Running: becomes canceling. Otherwise unchanged. Null: no such job. */
  cancelJob(id: string): Promise<{ job: Job; changed: boolean } | null>;
  /** Failed or canceled: queued again, finished iterations kept, continuing after the last. Null: no such job. */
  retryJob(id: string): Promise<{ job: Job; changed: boolean } | null>;

  listIterations(jobId: string): Promise<Iteration[]>;
  getIteration(jobId: string, index: number): Promise<Iteration | null>;
  /** All candidates, also those of the iteration in progress, by (iteration, index). */
  listCandidates(jobId: string): Promise<Candidate[]>;
  getCandidate(id: string): Promise<Candidate | null>;

  /** Events with `seq` > `after`, in order. */
  listEvents(jobId: string, after: number, limit?: number): Promise<JobEvent[]>;
  /**
   * Batches of events after `after` as they are stored, until the signal aborts: LISTEN/NOTIFY wakes it, a slow poll is
   * the safety net, and reconnecting is its own affair. It never skips or repeats a sequence number.
   */
  tailEvents(jobId: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent[]>;

  /** One conditional update: queued -> running with a new token and a lease. Null: somebody else has it, or it has ended. */
  claim(jobId: string, worker: string, leaseMs: number): Promise<Claim | null>;
  /** Extends the lease and adds the seconds since the last beat to `spent.seconds`. */
  heartbeat(claim: Claim, leaseMs: number): Promise<Heartbeat>;
  emit(claim: Claim, event: NewEvent): Promise<Written>;
  findCall(claim: Claim, iteration: number, candidate: number): Promise<ModelCall | null>;
  /** Also adds its usage to `spent`. Unique on (job, iteration, candidate). */
  recordCall(claim: Claim, call: ModelCall): Promise<Written>;
  findCandidate(claim: Claim, iteration: number, index: number): Promise<Candidate | null>;
  appendCandidate(claim: Claim, candidate: Candidate, event: NewEvent): Promise<Written>;
  /** Also sets the job's `best` and appends to its `scores`. Unique on (job, index). */
  appendIteration(claim: Claim, iteration: Iteration, event: NewEvent): Promise<Written>;
  /** One conditional update: status from `statusAfter`, with its `job.finished` event. */
  finish(claim: Claim, ending: Ending): Promise<Written>;
  /** Gives the job back to the queue (shutdown, outage); `job.queued` with reason `recovered`. */
  release(claim: Claim): Promise<Written>;

  /**
   * Puts jobs whose lease ran out back to queued (canceling ones end as canceled; one that was recovered
   * `maxRecoveries` times without any new row ends as failed), and returns them with queued jobs older than `queuedMs`
   * that nobody claimed: the caller enqueues each again.
   */
  sweep(options: { queuedMs: number; maxRecoveries: number }): Promise<Stranded[]>;

  /** Throws with a plain sentence where Postgres does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  databaseUrl: string;
  /** Folder of the blob files. */
  blobFolder: string;
  clock?: { now(): number };
}
