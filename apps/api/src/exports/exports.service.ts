import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type {
  CreateExport,
  Export,
  ExportFile,
  ExportFilePage,
  ExportPage,
  ListExportFiles,
  ListExports,
} from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { notFound, ProblemException } from '../http/problem.exception.ts';
import { ExportQueue } from '../queue/export-queue.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { knownFormat, validateFilter } from './export-validation.ts';

/** Creates, reads and changes exports; throws a ProblemException for what does not exist. */
@Injectable()
export class ExportsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LANGUAGES) private readonly languages: Languages,
    private readonly queue: ExportQueue,
  ) {}

  validate({ format, filter }: Pick<CreateExport, 'format' | 'filter'>): void {
    knownFormat(format);
    validateFilter(filter, this.languages);
  }

  async create(request: CreateExport): Promise<Export> {
    this.validate(request);
    const created = await this.store.exports.create({ ...request, name: request.name ?? request.format });
    await this.queue.enqueue(created.id, 0);
    return created;
  }

  list(query: ListExports): Promise<ExportPage> {
    return this.store.exports.list(query);
  }

  async get(id: string): Promise<Export> {
    return (await this.store.exports.get(id)) ?? missing('export');
  }

  /** The export, which has succeeded. */
  async whole(id: string): Promise<Export> {
    const found = await this.get(id);
    if (found.status === 'succeeded') return found;
    throw new ProblemException('conflict', `The export is ${found.status}; it has files once it has succeeded.`);
  }

  async cancel(id: string): Promise<{ changed: boolean; export: Export }> {
    return (await this.store.exports.cancel(id)) ?? missing('export');
  }

  async retry(id: string): Promise<Export> {
    const { changed, export: found } = (await this.store.exports.retry(id)) ?? missing('export');
    if (!changed) {
      const detail = `The export is ${found.status}; only a failed or canceled export can be retried.`;
      throw new ProblemException('conflict', detail);
    }
    await this.queue.enqueue(id, randomUUID());
    return found;
  }

  async delete(id: string): Promise<void> {
    if (!(await this.store.exports.delete(id))) missing('export');
  }

  async files(id: string, query: ListExportFiles): Promise<ExportFilePage> {
    await this.whole(id);
    return this.store.exports.listFiles(id, query);
  }

  async file(id: string, path: string): Promise<ExportFile> {
    await this.whole(id);
    return (await this.store.exports.getFile(id, path)) ?? missing('file of the export');
  }
}

function missing(what: string): never {
  throw notFound(what);
}
