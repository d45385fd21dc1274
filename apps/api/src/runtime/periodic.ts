import { Lifecycle } from './lifecycle.ts';

export interface PeriodicOptions {
  intervalMs: number;
  lifecycle: Pick<Lifecycle, 'draining'>;
  /** Called with what a run threw. The next run tries again. */
  onError: (error: Error) => void;
}

/** Runs `work` now and again this long after each run has ended, until the process drains. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running = Promise.resolve();

  constructor(
    private readonly work: () => Promise<void>,
    private readonly options: PeriodicOptions,
  ) {}

  start(): void {
    this.running = this.runAndSchedule();
  }

  /** Resolves when the run that is under way has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    clearTimeout(this.timer);
  }

  private async runAndSchedule(): Promise<void> {
    const { intervalMs, lifecycle, onError } = this.options;
    try {
      await this.work();
    } catch (error) {
      onError(error as Error);
    }
    if (lifecycle.draining.aborted) return;
    this.timer = setTimeout(() => (this.running = this.runAndSchedule()), intervalMs);
  }
}
