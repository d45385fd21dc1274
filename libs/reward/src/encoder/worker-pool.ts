import { EncoderThread, spawnWorker, type Spawn } from './encoder-thread.ts';
import { closedError } from '../errors.ts';
import { unlessAborted } from '../queue/gate.ts';
import { RoundRobin } from '../queue/round-robin.ts';
import type { WorkerAnswers, WorkerRequest, WorkerSettings } from './worker-messages.ts';

export interface PoolShape {
  /** Threads that may encode. */
  encoders: number;
  /** Threads for all other work, so that it need not wait for a large encoder; the encoding ones do it where this is 0. */
  others: number;
}

/** Whether a thread does such work; the same function for threads that do the same. */
type Takes = (request: WorkerRequest) => boolean;

interface Member {
  thread: EncoderThread;
  takes: Takes;
  /** Whose request is under way. */
  owner: string | null;
}

interface Waiting {
  owner: string;
  request: WorkerRequest;
  start: (member: Member) => void;
}

/**
 * Worker threads and the requests that wait for them; the owners of requests take turns. A thread is started when it is needed:
 * a second one of a kind only where requests of several owners are there.
 */
export class WorkerPool {
  readonly #members: Member[];
  readonly #waiting = new RoundRobin<Waiting>();
  #closed = false;

  constructor(settings: WorkerSettings, { encoders, others }: PoolShape, spawn: Spawn = spawnWorker) {
    const encodes = ({ kind }: WorkerRequest) => others === 0 || kind === 'encode';
    const doesOthers = ({ kind }: WorkerRequest) => kind !== 'encode';
    const takes = [...new Array<Takes>(encoders).fill(encodes), ...new Array<Takes>(others).fill(doesOthers)];
    this.#members = takes.map((takes) => ({ thread: new EncoderThread(settings, spawn), takes, owner: null }));
  }

  /** Threads started so far. */
  get starts(): number {
    return this.#members.reduce((sum, { thread }) => sum + thread.starts, 0);
  }

  /**
   * Throws `InvalidImageError`, or `EncoderError` with the remedy. Rejects with the signal's reason as soon as it aborts: a
   * request that waits is then never made, one under way goes on unheard.
   */
  async request<Request extends WorkerRequest>(
    request: Request,
    owner: string,
    signal: AbortSignal,
  ): Promise<WorkerAnswers[Request['kind']]> {
    signal.throwIfAborted();
    if (this.#closed) throw closedError();
    const member = await this.#turn(request, owner, signal);
    const answer = member.thread.request(request).finally(() => this.#release(member));
    return unlessAborted(answer, signal);
  }

  /** Stops every thread; what is under way or waits is given up. */
  async close(): Promise<void> {
    this.#closed = true;
    for (let waiting = this.#waiting.shift(); waiting; waiting = this.#waiting.shift())
      waiting.start(this.#members[0]!);
    await Promise.all(this.#members.map(({ thread }) => thread.close()));
  }

  #turn(request: WorkerRequest, owner: string, signal: AbortSignal): Promise<Member> {
    const { promise, resolve, reject } = Promise.withResolvers<Member>();
    const waiting: Waiting = {
      owner,
      request,
      start: (member) => {
        signal.removeEventListener('abort', giveUp);
        member.owner = owner;
        resolve(member);
      },
    };
    const giveUp = () => {
      this.#waiting.remove(waiting);
      reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.push(owner, waiting);
    this.#dispatch();
    return promise;
  }

  #release(member: Member): void {
    member.owner = null;
    this.#dispatch();
  }

  #dispatch(): void {
    for (const member of this.#members) {
      if (member.owner !== null || !this.#mayWork(member)) continue;
      this.#waiting.shift(({ request }) => member.takes(request))?.start(member);
    }
  }

  /** Running already, the first of its kind, or needed beside the others. */
  #mayWork(member: Member): boolean {
    if (member.thread.running) return true;
    const peers = this.#members.filter(({ takes }) => takes === member.takes);
    if (peers[0] === member) return true;
    const owners = new Set([
      ...this.#waiting.keys,
      ...peers.map(({ owner }) => owner).filter((owner) => owner !== null),
    ]);
    return owners.size > 1;
  }
}
