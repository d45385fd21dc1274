import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { exampleSchema, languageSchema } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { z } from 'zod';
import { STORE } from '../database/store.provider.ts';
import { examplesFolder } from '../settings/locations.ts';
import { TargetNormalizer } from '../uploads/target-normalizer.ts';

const entrySchema = z.object({
  id: z.string(),
  file: z.string(),
  language: languageSchema,
  hard: z.string(),
});

export type Example = z.infer<typeof exampleSchema>;

/** The repository's example targets. The first listing stores their images as blobs, so that a job can name them. */
@Injectable()
export class Examples {
  private loading: Promise<Example[]> | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly normalizer: TargetNormalizer,
  ) {}

  list(): Promise<Example[]> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  private async load(): Promise<Example[]> {
    const text = await readFile(join(examplesFolder, 'examples.json'), 'utf8');
    const entries = z.array(entrySchema).parse(JSON.parse(text));
    return Promise.all(entries.map((entry) => this.example(entry)));
  }

  private async example(entry: z.infer<typeof entrySchema>): Promise<Example> {
    const { bytes, type, width, height } = await this.normalizer.normalize(
      await readFile(join(examplesFolder, entry.file)),
    );
    return { ...entry, image: await this.store.blobs.put(bytes, type), width, height };
  }
}
