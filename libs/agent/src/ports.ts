import type {
  BlobId,
  Box,
  Candidate,
  FailedCall,
  Iteration,
  LanguageInfo,
  ModelCall,
  ModelLimits,
  ModelOutcome,
  ModelRequest,
  NewEvent,
  ReplyPosition,
  ReplyProgress,
  RenderRequest,
  RenderResult,
  RewardRecord,
  RoundStart,
  WriteResult,
} from '@pentimento/contracts';
import type { ReplyLanguage } from '@pentimento/replies';

/** What the loop must know of the language of a job's code. */
export interface TargetLanguage extends Pick<LanguageInfo, 'id'>, ReplyLanguage {
  /** What the code must be, for the renderer that will draw it. */
  promptInstructions: string;
  /** The versions that will draw it, e.g. "Python 3.11, matplotlib 3.6". */
  versions?: string;
  /** Whether its code is a page, whose screen the prompt describes. Default: false. */
  isPage?: boolean;
}

interface ModelPort {
  /** What the model's server takes in one request, as far as is known. A refused call may lower it. */
  limits(model: string): ModelLimits;
  /** Retries what is worth retrying itself (429 with Retry-After, overload). Rejects only when `signal` aborts. */
  generate(
    request: ModelRequest,
    options: {
      signal: AbortSignal;
      onRetry?: (reason: string, waitMs: number) => void;
      onProgress?: (progress: ReplyProgress) => void;
    },
  ): Promise<ModelOutcome>;
}

/** Shows replies while they are written. Nothing is decided by it, and the record of a call does not depend on it. */
export interface PartialReplyPort {
  /** Returns at once and never throws: what cannot be shown is not. */
  show(at: ReplyPosition, progress: ReplyProgress): void;
  /** The call has ended, and its reply is recorded if it gave one. */
  end(at: ReplyPosition): void;
}

interface RenderPort {
  /** Rejects on outages only. */
  render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult>;
}

/** Why this render cannot be scored while others can, in one sentence. */
interface UnscorableRender {
  unscorable: string;
}

export interface RewardPort {
  /**
   * Both images are PNG bytes. `render` is null where nothing rendered: then visual = 0 and there are no tiles. Scores of different
   * jobs take turns. Rejects on outages only.
   */
  score(
    input: { target: Uint8Array; render: Uint8Array | null; alignment: 0 | 1; job?: string },
    signal: AbortSignal,
  ): Promise<RewardRecord | UnscorableRender>;
}

export interface SizedImage {
  image: Uint8Array;
  width: number;
  height: number;
}

export interface ImagePort {
  /** The whole image as PNG, scaled down (never up) so that its longer side is at most `maxSide`. */
  fit(png: Uint8Array, maxSide: number): Promise<SizedImage>;
  /**
   * The regions of the image that `boxes` name in pixels of a `frame`-sized image, each as PNG, in order: the image is
   * decoded and stretched to the frame once, as the reward does. None where `boxes` is empty. A region is scaled down to `maxSide`, or up by a whole
   * factor while its longer side stays under `minSide`.
   */
  crops(
    png: Uint8Array,
    boxes: readonly Box[],
    frame: { width: number; height: number },
    limits: { minSide: number; maxSide: number },
  ): Promise<SizedImage[]>;
}

export interface BlobPort {
  put(bytes: Uint8Array, mediaType: string): Promise<BlobId>;
  /** Throws where the blob is missing: a row names only blobs that are stored. */
  get(id: BlobId): Promise<Uint8Array>;
}

/** The job's trajectory, written under the worker's claim. Every write is fenced by the claim's token. */
export interface TrajectoryStore {
  /**
   * Decides, once, which interventions hold from the round on whose first iteration this is. Later calls for the same round, also of
   * another worker, return what was decided.
   */
  beginRound(iteration: number): Promise<RoundStart | 'lost'>;
  findCall(iteration: number, candidate: number): Promise<ModelCall | null>;
  recordCall(call: ModelCall): Promise<WriteResult>;
  recordFailedCall(call: FailedCall): Promise<WriteResult>;
  findCandidate(iteration: number, index: number): Promise<Candidate | null>;
  /** Stores the candidate and its `candidate.finished` event in one transaction. */
  appendCandidate(candidate: Candidate, event: NewEvent): Promise<WriteResult>;
  /** Stores the iterations of a round, each with its `iteration.finished` event, in one transaction. */
  appendRound(round: readonly { iteration: Iteration; event: NewEvent }[]): Promise<WriteResult>;
  emit(event: NewEvent): Promise<WriteResult>;
}

interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A signal that aborts after so many milliseconds (`AbortSignal.timeout` outside tests). */
  timeout(ms: number): AbortSignal;
}

/** Who ends a refinement from outside: the user, a worker that shuts down, or another worker that holds the claim now. */
export type AbortedBy = 'user' | 'shutdown' | 'lost';

/** The reason that the refinement's signal must carry. */
export class RefinementAborted extends Error {
  readonly by: AbortedBy;
  constructor(by: AbortedBy) {
    super(`The refinement was stopped: ${by}.`);
    this.name = 'RefinementAborted';
    this.by = by;
  }
}

/** What a round needs once its replies are there. */
export interface LoopPorts {
  render: RenderPort;
  reward: RewardPort;
  images: ImagePort;
  blobs: BlobPort;
  trajectory: TrajectoryStore;
  clock: Clock;
  newCandidateId(): string;
  /** Called with an error that became a failure of one candidate. */
  onUnexpectedError(error: unknown): void;
  /** Resolves once other work of the process has had a turn. */
  nextTurn(): Promise<void>;
}

export interface Ports extends LoopPorts {
  model: ModelPort;
  /** Default: replies are not shown before they are whole. */
  partialReplies?: PartialReplyPort;
}
