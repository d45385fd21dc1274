/** Why something is left out of an export. The reasons are a closed list, so that drops can be counted. */
export type DropReason =
  // A whole trace:
  | 'malformed'
  | 'unfinished'
  | 'inconsistent'
  | 'missing_blob'
  | 'no_reward'
  // One of its units, by what the format needs:
  | 'no_call'
  | 'no_code'
  | 'not_rendered'
  | 'no_gain'
  | 'held_back'
  | 'no_pair'
  | 'no_tokens'
  | 'token_mismatch'
  | 'no_patches'
  | 'threshold_missed'
  | 'reserved_header'
  | 'image_tag_in_text'
  | 'invalid_image';

export interface UnitDrop {
  reason: DropReason;
  /** What is wrong, in one sentence. */
  detail: string;
  /** Where it is, if it is not the whole trace. */
  iteration?: number;
  candidate?: string;
}

/** A line of `drops.jsonl`. `job`: its id; of a malformed trace the one that it claims. */
export interface Drop extends UnitDrop {
  job: string;
}

/** Thrown while a trace is read; the whole trace is dropped. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly reason: DropReason;

  constructor(reason: DropReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
