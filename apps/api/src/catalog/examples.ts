import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { exampleSchema } from '@pentimento/api-contracts';
import { languageSchema } from '@pentimento/contracts';
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

/** An example with its image, which is small. */
type LoadedExample = Omit<Example, 'image'> & { bytes: Uint8Array; type: string };

/** The repository's example targets. Each listing stores their images as blobs, so that a job can name them. */
@Injectable()
export class Examples {
  private loading: Promise<LoadedExample[]> | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly normalizer: TargetNormalizer,
  ) {}

  /** Puts the images again each time, because blobs that no job names are deleted. */
  async list(): Promise<Example[]> {
    const loaded = await this.load();
    return Promise.all(
      loaded.map(async ({ bytes, type, ...example }) => ({
        ...example,
        image: await this.store.blobs.put(bytes, type),
      })),
    );
  }

  private load(): Promise<LoadedExample[]> {
    this.loading ??= this.read().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  private async read(): Promise<LoadedExample[]> {
    const text = await readFile(join(examplesFolder, 'examples.json'), 'utf8');
    const entries = z.array(entrySchema).parse(JSON.parse(text));
    return Promise.all(entries.map((entry) => this.example(entry)));
  }

  private async example(entry: z.infer<typeof entrySchema>): Promise<LoadedExample> {
    const { bytes, type, width, height } = await this.normalizer.normalize(
      await readFile(join(examplesFolder, entry.file)),
    );
    return { ...entry, bytes, type, width, height };
  }
}
