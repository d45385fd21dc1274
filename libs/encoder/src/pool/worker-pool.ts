import { orAborted } from '@pentimento/abort';
import { RoundRobin } from '@pentimento/fair-queue';
import { closedError } from '../errors.ts';
import { EncoderThread, type SpawnWorker } from './encoder-thread.ts';
import type { WorkerRequest, WorkerSettings } from './worker-messages.ts';

export interface PoolShape {
  /** Threads that may encode. */
  encoders: number;
  /** Threads for all other tasks, so that these need not wait for a large encoder; 0: the encoding threads do them. */
  others: number;
}

/** For whom work is done: jobs take turns at the threads, and so do owners that have no job. */
export interface Work {
  owner: string;
  job?: string;
  signal: AbortSignal;
}

/** Whether a thread takes a task; the same function for threads of one kind. */
type Accepts = (request: WorkerRequest) => boolean;

interface Member {
  thread: EncoderThread;
  accepts: Accepts;
  /** The owner and the job of the request under way. */
  owner: string | null;
  job: string | null;
}

interface Waiting {
  request: WorkerRequest;
  owner: string;
  job: string;
  start: (member: Member) => void;
}

/**
 * Requests that have waited before a single owner gets another thread. Starting one takes about as long as so many inferences of a
 * small encoder: who scores one image is done before.
 */
const waitsBeforeStart = 32;

/**
 * Worker threads and the requests that wait for them; the jobs of requests take turns. A thread starts when it is needed: the
 * second one of a kind when requests of several owners are present, or when many requests of a single one have waited.
 */
export class WorkerPool {
  readonly #members: Member[];
  readonly #waiting = new RoundRobin<Waiting>();
  #closed = false;
  /** Requests that found no idle thread. */
  #waits = 0;

  constructor(settings: WorkerSettings, { encoders, others }: PoolShape, spawn: SpawnWorker) {
    const encodes = ({ task }: WorkerRequest) => others === 0 || task === 'encode';
    const doesOthers = ({ task }: WorkerRequest) => task !== 'encode';
    const kinds = [...new Array<Accepts>(encoders).fill(encodes), ...new Array<Accepts>(others).fill(doesOthers)];
    this.#members = kinds.map((accepts) => ({
      thread: new EncoderThread(settings, spawn),
      accepts,
      owner: null,
      job: null,
    }));
  }

  /** Threads started so far. */
  get starts(): number {
    return this.#members.reduce((sum, { thread }) => sum + thread.starts, 0);
  }

  /**
   * The task's output. Throws `InvalidImageError`, or `EncoderError` with the remedy. Rejects with the signal's reason as soon as it
   * aborts: a waiting request is then never sent, and the result of one under way is dropped.
   */
  async request(request: WorkerRequest, work: Work): Promise<unknown> {
    const { signal } = work;
    signal.throwIfAborted();
    if (this.#closed) throw closedError();
    const member = await this.#turn(request, work);
    const output = member.thread.request(request).finally(() => this.#release(member));
    return orAborted(output, signal);
  }

  /** Stops every thread; requests under way and waiting ones fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (let waiting = this.#waiting.shift(); waiting; waiting = this.#waiting.shift())
      waiting.start(this.#members[0]!);
    await Promise.all(this.#members.map(({ thread }) => thread.close()));
  }

  #turn(request: WorkerRequest, { owner, job = owner, signal }: Work): Promise<Member> {
    const { promise, resolve, reject } = Promise.withResolvers<Member>();
    const waiting: Waiting = {
      request,
      owner,
      job,
      start: (member) => {
        signal.removeEventListener('abort', abort);
        member.owner = owner;
        member.job = job;
        resolve(member);
      },
    };
    const abort = () => {
      this.#waiting.remove(waiting);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.push(job, waiting);
    this.#dispatch();
    if (this.#waiting.size > 0) this.#waits++;
    return promise;
  }

  #release(member: Member): void {
    member.owner = null;
    member.job = null;
    this.#dispatch();
  }

  #dispatch(): void {
    for (const member of this.#members) {
      if (member.owner !== null || !this.#mayWork(member)) continue;
      const fits = ({ request, job }: Waiting) => member.accepts(request) && this.#hasShare(job, member);
      this.#waiting.shift(fits)?.start(member);
    }
  }

  /** While several jobs are there, none holds more than its share of the threads of a kind. */
  #hasShare(job: string, { accepts }: Member): boolean {
    const peers = this.#members.filter((member) => member.accepts === accepts);
    const running = peers.flatMap((member) => member.job ?? []);
    const jobs = new Set([...running, ...this.#waiting.keys]);
    return running.filter((other) => other === job).length < Math.ceil(peers.length / jobs.size);
  }

  /** Running already, the first of its kind, or needed for a second owner or for one who waits often. */
  #mayWork(member: Member): boolean {
    if (member.thread.running) return true;
    const peers = this.#members.filter(({ accepts }) => accepts === member.accepts);
    if (peers[0] === member || this.#waits >= waitsBeforeStart) return true;
    const owners = new Set([
      ...this.#waiting.items.map(({ owner }) => owner),
      ...peers.map(({ owner }) => owner).filter((owner) => owner !== null),
    ]);
    return owners.size > 1;
  }
}
