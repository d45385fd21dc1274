import {
  modelPageSchema,
  type ModelPage,
  candidateSchema,
  exportFilePageSchema,
  exportFormatPageSchema,
  exportPageSchema,
  exportPreviewSchema,
  exportSchema,
  forecastAnswerSchema,
  interventionPageSchema,
  interventionSchema,
  iterationSchema,
  jobPageSchema,
  jobSchema,
  judgmentPageSchema,
  judgmentSchema,
  pruneResultSchema,
  rescorePageSchema,
  rescoreResultSchema,
  rewardTermPageSchema,
  storageSchema,
  type Candidate,
  type FailedCall,
  type CreateExportInput,
  type CreateIntervention,
  type CreateJobInput,
  type CreateJudgmentInput,
  type Export,
  type ExportFilePage,
  type ExportFormat,
  type ExportPage,
  type ExportPreview,
  type Forecast,
  type ForkJobInput,
  type Intervention,
  type Iteration,
  type Job,
  type JobEvent,
  type JobPage,
  type Judgment,
  type PreviewExportInput,
  type PruneResult,
  type Rescore,
  type RescoreResult,
  type RewardTermInfo,
  type Storage,
  type Tag,
  type ThumbnailWidth,
  type listJobsSchema,
  type pruneRequestSchema,
} from '@pentimento/contracts';
import {
  blobSchema,
  candidatePageSchema,
  environmentStateSchema,
  environmentTurnSchema,
  failedCallPageSchema,
  examplePageSchema,
  healthSchema,
  iterationPageSchema,
  languagePageSchema,
  renderAnswerSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
  tilesSchema,
  type EnvironmentState,
  type EnvironmentTurn,
  type Health,
  type LanguageEntry,
  type RenderAnswer,
  type ResetEnvironmentInput,
  type RewardResponse,
  type RewardVersionPage,
  type StepEnvironmentInput,
  type renderSubmissionSchema,
  type rewardRequestSchema,
} from '@pentimento/api-contracts';
import type { z } from 'zod';
import { tailEvents, type TailOptions } from './events.ts';
import { Http, type ClientOptions } from './http.ts';
import { part, postJson, searchOf, sendJson, type CallOptions } from './requests.ts';

export type { CallOptions };

/** An image file to send as a job's target. */
export interface TargetFile {
  name: string;
  content: Blob | Uint8Array<ArrayBuffer>;
}

export type JobQuery = { [Field in keyof z.input<typeof listJobsSchema>]?: string | number };
export type Example = z.infer<typeof examplePageSchema>['data'][number];
export type StoredBlob = z.infer<typeof blobSchema>;
export type PruneLimits = z.input<typeof pruneRequestSchema>;
export type Tiles = z.infer<typeof tilesSchema>;

/** A part of a file. `start`: where it begins; 0 where the server sends the whole file whatever was asked for. */
export interface FilePart {
  start: number;
  content: AsyncIterable<Uint8Array>;
}

/**
 * The HTTP API, one method for each operation of its OpenAPI description. Replies are checked against the contracts'
 * schemas. Methods reject with an `ApiError`, whose message says what to do, or with the signal's reason on abort.
 */
export class Client {
  readonly #http: Http;

  constructor(options: ClientOptions = {}) {
    this.#http = new Http(options);
  }

  /** The server's address, without a trailing slash; empty for the page's own origin. */
  get url(): string {
    return this.#http.url;
  }

  /** Submits a job. Its target is the file, or the blob that `request.target` names. */
  createJob(request: CreateJobInput, file?: TargetFile, options: CallOptions = {}): Promise<Job> {
    const init = file ? { method: 'POST', body: formOf(request, file), ...options } : postJson(request, options);
    return this.#http.json(jobSchema, '/v1/jobs', init);
  }

  listJobs(query: JobQuery = {}, options: CallOptions = {}): Promise<JobPage> {
    return this.#http.json(jobPageSchema, `/v1/jobs${searchOf(query)}`, options);
  }

  getJob(id: string, options: CallOptions = {}): Promise<Job> {
    return this.#http.json(jobSchema, `/v1/jobs/${part(id)}`, options);
  }

  /** What another iteration is expected to bring; null where nothing is known yet. */
  async getForecast(id: string, options: CallOptions = {}): Promise<Forecast | null> {
    return (await this.#http.json(forecastAnswerSchema, `/v1/jobs/${part(id)}/forecast`, options)).forecast;
  }

  /** Idempotent: a job that has ended stays as it is. */
  cancelJob(id: string, options: CallOptions = {}): Promise<Job> {
    return this.#http.json(jobSchema, `/v1/jobs/${part(id)}/cancel`, { method: 'POST', ...options });
  }

  /** Queues a failed or canceled job again, after its last finished iteration. */
  retryJob(id: string, options: CallOptions = {}): Promise<Job> {
    return this.#http.json(jobSchema, `/v1/jobs/${part(id)}/retry`, { method: 'POST', ...options });
  }

  /** Submits the target of a job again, from a candidate's code or as the job itself began, with other settings. */
  forkJob(id: string, request: ForkJobInput = {}, options: CallOptions = {}): Promise<Job> {
    return this.#http.json(jobSchema, `/v1/jobs/${part(id)}/fork`, postJson(request, options));
  }

  /** Steers a job from its next round on. An ended job is queued again for an edit, and to continue. */
  createIntervention(id: string, intervention: CreateIntervention, options: CallOptions = {}): Promise<Intervention> {
    const path = `/v1/jobs/${part(id)}/interventions`;
    return this.#http.json(interventionSchema, path, postJson(intervention, options));
  }

  /** All interventions of a job, oldest first, with those that were withdrawn. */
  async listInterventions(id: string, options: CallOptions = {}): Promise<Intervention[]> {
    return (await this.#http.json(interventionPageSchema, `/v1/jobs/${part(id)}/interventions`, options)).data;
  }

  /** The intervention stays in the trajectory, and does not hold from the next round on. */
  async withdrawIntervention(id: string, options: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/interventions/${part(id)}`, { method: 'DELETE', ...options });
  }

  /** Deletes a job with its trajectory, whatever its status. A worker that runs it stops. */
  async deleteJob(id: string, options: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/jobs/${part(id)}`, { method: 'DELETE', ...options });
  }

  /** Replaces all tags of a job. */
  setTags(id: string, tags: readonly Tag[], options: CallOptions = {}): Promise<Job> {
    return this.#http.json(jobSchema, `/v1/jobs/${part(id)}/tags`, sendJson('PUT', { tags }, options));
  }

  /** Follows a job to its end. Lost connections are opened again after the last event. */
  tailEvents(id: string, options: TailOptions = {}): AsyncGenerator<JobEvent> {
    return tailEvents(this.#http, `/v1/jobs/${part(id)}/events`, options);
  }

  async listIterations(id: string, options: CallOptions = {}): Promise<Iteration[]> {
    return (await this.#http.json(iterationPageSchema, `/v1/jobs/${part(id)}/iterations`, options)).data;
  }

  getIteration(id: string, index: number, options: CallOptions = {}): Promise<Iteration> {
    return this.#http.json(iterationSchema, `/v1/jobs/${part(id)}/iterations/${index}`, options);
  }

  /** Includes the candidates of the iteration in progress. */
  async listCandidates(id: string, options: CallOptions = {}): Promise<Candidate[]> {
    return (await this.#http.json(candidatePageSchema, `/v1/jobs/${part(id)}/candidates`, options)).data;
  }

  async listFailedCalls(id: string, options: CallOptions = {}): Promise<FailedCall[]> {
    return (await this.#http.json(failedCallPageSchema, `/v1/jobs/${part(id)}/failed-calls`, options)).data;
  }

  getCandidate(id: string, options: CallOptions = {}): Promise<Candidate> {
    return this.#http.json(candidateSchema, `/v1/candidates/${part(id)}`, options);
  }

  /** Judges a candidate. The newest judgment of an author on a candidate, or on a pair of them, replaces the older ones. */
  createJudgment(candidateId: string, judgment: CreateJudgmentInput, options: CallOptions = {}): Promise<Judgment> {
    const path = `/v1/candidates/${part(candidateId)}/judgments`;
    return this.#http.json(judgmentSchema, path, postJson(judgment, options));
  }

  /** All judgments of a job, oldest first; `currentJudgments` of the contracts says which count. */
  async listJudgments(jobId: string, options: CallOptions = {}): Promise<Judgment[]> {
    return (await this.#http.json(judgmentPageSchema, `/v1/jobs/${part(jobId)}/judgments`, options)).data;
  }

  /** The judgment stays as history. */
  async withdrawJudgment(id: string, options: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/judgments/${part(id)}`, { method: 'DELETE', ...options });
  }

  getTiles(candidateId: string, options: CallOptions = {}): Promise<Tiles> {
    return this.#http.json(tilesSchema, `/v1/candidates/${part(candidateId)}/tiles`, options);
  }

  /** Begins an episode of the session with a task, and ends its unfinished one. Gives the first prompt. */
  resetEnvironment(
    session: string,
    request: ResetEnvironmentInput,
    options: CallOptions = {},
  ): Promise<EnvironmentTurn> {
    const path = `/v1/environments/${part(session)}/reset`;
    return this.#http.json(environmentTurnSchema, path, postJson(request, options));
  }

  /** Answers the open prompt. Idempotent: the same turn and reply may be sent again, also after a failure. */
  stepEnvironment(session: string, step: StepEnvironmentInput, options: CallOptions = {}): Promise<EnvironmentTurn> {
    const path = `/v1/environments/${part(session)}/step`;
    return this.#http.json(environmentTurnSchema, path, postJson(step, options));
  }

  /** The state of a session, with its open prompt. */
  getEnvironment(session: string, options: CallOptions = {}): Promise<EnvironmentState> {
    return this.#http.json(environmentStateSchema, `/v1/environments/${part(session)}`, options);
  }

  /** Ends a session; what is recorded stays. */
  async endEnvironment(session: string, options: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/environments/${part(session)}`, { method: 'DELETE', ...options });
  }

  /** Stores an image, so that a job can name it as its target. */
  putBlob(image: Blob | Uint8Array<ArrayBuffer>, options: CallOptions = {}): Promise<StoredBlob> {
    const headers = { 'content-type': 'application/octet-stream' };
    return this.#http.json(blobSchema, '/v1/blobs', { method: 'POST', headers, body: image, ...options });
  }

  /** `width`: of an image as a thumbnail, a PNG that is never wider than the image. */
  async getBlob(
    id: string,
    { signal, width }: CallOptions & { width?: ThumbnailWidth } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#http.send(`/v1/blobs/${part(id)}${searchOf({ w: width })}`, { signal });
    return new Uint8Array(await this.#http.read(() => response.arrayBuffer(), signal));
  }

  /** Where a blob is served; of an image also as a thumbnail, which is never wider than the image. */
  blobUrl(id: string, width?: ThumbnailWidth): string {
    return `${this.url}/v1/blobs/${part(id)}${searchOf({ w: width })}`;
  }

  /** How much is stored, and what `pruneStorage` would delete with the same limits. */
  getStorage(limits: PruneLimits = {}, options: CallOptions = {}): Promise<Storage> {
    return this.#http.json(storageSchema, `/v1/storage${searchOf(limits)}`, options);
  }

  /** Deletes ended jobs beyond the limits, or beyond the server's settings, and blobs that no job names. */
  pruneStorage(limits: PruneLimits = {}, options: CallOptions = {}): Promise<PruneResult> {
    return this.#http.json(pruneResultSchema, '/v1/storage/prune', postJson(limits, options));
  }

  async listExportFormats(options: CallOptions = {}): Promise<ExportFormat[]> {
    return (await this.#http.json(exportFormatPageSchema, '/v1/exports/formats', options)).data;
  }

  /** Exports the trajectories of jobs that have ended by now. */
  createExport(request: CreateExportInput, options: CallOptions = {}): Promise<Export> {
    return this.#http.json(exportSchema, '/v1/exports', postJson(request, options));
  }

  /** Counts what a filter selects, with the first rows of an export of it. */
  previewExport(request: PreviewExportInput, options: CallOptions = {}): Promise<ExportPreview> {
    return this.#http.json(exportPreviewSchema, '/v1/exports/preview', postJson(request, options));
  }

  listExports(query: { limit?: number; cursor?: string } = {}, options: CallOptions = {}): Promise<ExportPage> {
    return this.#http.json(exportPageSchema, `/v1/exports${searchOf(query)}`, options);
  }

  getExport(id: string, options: CallOptions = {}): Promise<Export> {
    return this.#http.json(exportSchema, `/v1/exports/${part(id)}`, options);
  }

  /** Idempotent: an export that has ended stays as it is. */
  cancelExport(id: string, options: CallOptions = {}): Promise<Export> {
    return this.#http.json(exportSchema, `/v1/exports/${part(id)}/cancel`, { method: 'POST', ...options });
  }

  /** Queues a failed or canceled export again, to be made from the start. */
  retryExport(id: string, options: CallOptions = {}): Promise<Export> {
    return this.#http.json(exportSchema, `/v1/exports/${part(id)}/retry`, { method: 'POST', ...options });
  }

  async deleteExport(id: string, options: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/exports/${part(id)}`, { method: 'DELETE', ...options });
  }

  /** One page of the files of an export that has succeeded. */
  listExportFiles(
    id: string,
    query: { limit?: number; cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<ExportFilePage> {
    return this.#http.json(exportFilePageSchema, `/v1/exports/${part(id)}/files${searchOf(query)}`, options);
  }

  /** A file of an export from `start` on, to its end. */
  async getExportFile(
    id: string,
    path: string,
    { start = 0, signal }: CallOptions & { start?: number } = {},
  ): Promise<FilePart> {
    const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
    const response = await this.#http.send(this.#exportFilePath(id, path), { headers, signal });
    return { start: response.status === 206 ? start : 0, content: this.#http.chunks(response, signal) };
  }

  /** All files of an export as one tar. */
  async getExportArchive(id: string, { signal }: CallOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    return this.#http.chunks(await this.#http.send(`/v1/exports/${part(id)}/archive`, { signal }), signal);
  }

  /** Where a file of an export is served. */
  exportFileUrl(id: string, path: string): string {
    return this.url + this.#exportFilePath(id, path);
  }

  /** Where all files of an export are served as one tar. */
  exportArchiveUrl(id: string): string {
    return `${this.url}/v1/exports/${part(id)}/archive`;
  }

  #exportFilePath(id: string, path: string): string {
    return `/v1/exports/${part(id)}/files/${path.split('/').map(part).join('/')}`;
  }

  listModels(options: CallOptions = {}): Promise<ModelPage> {
    return this.#http.json(modelPageSchema, '/v1/models', options);
  }

  async listLanguages(options: CallOptions = {}): Promise<LanguageEntry[]> {
    return (await this.#http.json(languagePageSchema, '/v1/languages', options)).data;
  }

  async listExamples(options: CallOptions = {}): Promise<Example[]> {
    return (await this.#http.json(examplePageSchema, '/v1/examples', options)).data;
  }

  createRender(submission: z.input<typeof renderSubmissionSchema>, options: CallOptions = {}): Promise<RenderAnswer> {
    return this.#http.json(renderAnswerSchema, '/v1/renders', postJson(submission, options));
  }

  scoreRewards(request: z.input<typeof rewardRequestSchema>, options: CallOptions = {}): Promise<RewardResponse> {
    return this.#http.json(rewardResponseSchema, '/v1/rewards/score', postJson(request, options));
  }

  /** Adds a score of the server's version to a candidate; the others stay. */
  createRescore(candidateId: string, options: CallOptions = {}): Promise<RescoreResult> {
    const path = `/v1/candidates/${part(candidateId)}/rescores`;
    return this.#http.json(rescoreResultSchema, path, { method: 'POST', ...options });
  }

  async listRescores(jobId: string, options: CallOptions = {}): Promise<Rescore[]> {
    return (await this.#http.json(rescorePageSchema, `/v1/jobs/${part(jobId)}/rescores`, options)).data;
  }

  /** The terms of a score in the order in which they are shown, the published ones first. */
  async listRewardTerms(options: CallOptions = {}): Promise<RewardTermInfo[]> {
    return (await this.#http.json(rewardTermPageSchema, '/v1/rewards/terms', options)).data;
  }

  listRewardVersions(options: CallOptions = {}): Promise<RewardVersionPage> {
    return this.#http.json(rewardVersionPageSchema, '/v1/rewards/versions', options);
  }

  /** Whether the process answers. */
  healthz(options: CallOptions = {}): Promise<Health> {
    return this.#http.jsonOfAnyStatus(healthSchema, '/healthz', options);
  }

  /** Whether the server can take jobs; a server that cannot is a reply too, with its failing checks. */
  readyz(options: CallOptions = {}): Promise<Health> {
    return this.#http.jsonOfAnyStatus(healthSchema, '/readyz', options);
  }
}

function formOf(request: CreateJobInput, { name, content }: TargetFile): FormData {
  const form = new FormData();
  form.set('request', JSON.stringify(request));
  form.set('target', content instanceof Blob ? content : new Blob([content]), name);
  return form;
}
