import {
  healthSchema,
  iterationPageSchema,
  jobPageSchema,
  jobSchema,
  languagePageSchema,
  modelPageSchema,
  type CreateJobInput,
  type Health,
  type Iteration,
  type Job,
  type JobPage,
  type ModelPage,
  type RendererState,
} from '@pentimento/contracts';
import type { z } from 'zod';
import { Fault } from './fault.ts';
import { describeProblem, problemOf } from './problem.ts';

export interface TargetFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The HTTP API, with every reply checked against the contracts. Faults are told in plain sentences. */
export class Client {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  async createJob(request: CreateJobInput, target: TargetFile): Promise<Job> {
    const form = new FormData();
    form.set('request', JSON.stringify(request));
    form.set('target', new Blob([target.bytes]), target.name);
    return this.parse(jobSchema, await this.send('/v1/jobs', { method: 'POST', body: form }));
  }

  async getJob(id: string): Promise<Job> {
    return this.parse(jobSchema, await this.send(`/v1/jobs/${id}`));
  }

  async listJobs(query: Record<string, string>): Promise<JobPage> {
    return this.parse(jobPageSchema, await this.send(`/v1/jobs?${new URLSearchParams(query)}`));
  }

  async cancelJob(id: string): Promise<Job> {
    return this.parse(jobSchema, await this.send(`/v1/jobs/${id}/cancel`, { method: 'POST' }));
  }

  async retryJob(id: string): Promise<Job> {
    return this.parse(jobSchema, await this.send(`/v1/jobs/${id}/retry`, { method: 'POST' }));
  }

  async listIterations(id: string): Promise<Iteration[]> {
    return (await this.parse(iterationPageSchema, await this.send(`/v1/jobs/${id}/iterations`))).data;
  }

  async getBlob(id: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send(`/v1/blobs/${id}`)).arrayBuffer());
  }

  async listLanguages(): Promise<RendererState[]> {
    return (await this.parse(languagePageSchema, await this.send('/v1/languages'))).data;
  }

  async listModels(): Promise<ModelPage> {
    return this.parse(modelPageSchema, await this.send('/v1/models'));
  }

  async readiness(): Promise<Health> {
    const response = await this.fetch('/readyz');
    return this.parse(healthSchema, response);
  }

  /** The event stream, from after the given sequence number. */
  async openEvents(id: string, after: number, signal: AbortSignal): Promise<Response> {
    const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
    return this.send(`/v1/jobs/${id}/events`, { headers, signal });
  }

  private async send(path: string, init?: RequestInit): Promise<Response> {
    const response = await this.fetch(path, init);
    if (!response.ok) throw new Fault(describeProblem(await problemOf(response)));
    return response;
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(this.url + path, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable(this.url, { cause: error });
    }
  }

  private async parse<T extends z.ZodType>(schema: T, response: Response): Promise<z.infer<T>> {
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new Fault(
      `${response.url} answered in a form that this command does not know: use a server and a command of the same version.`,
      { cause: parsed.error },
    );
  }
}

/** Nobody answers at the server's address: worth trying again while following a job. */
export class Unreachable extends Fault {
  constructor(url: string, options?: ErrorOptions) {
    super(
      `No server answers at ${url}: start one with "pentimento serve", or name another with --server or PENTIMENTO_URL.`,
      options,
    );
  }
}
