import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleSchema, languageSchema } from '@pentimento/contracts';
import type { Blobs } from '@pentimento/store';
import { z } from 'zod';
import type { TargetIntake } from '../intake/target-intake.ts';

const entrySchema = z.object({
  id: z.string(),
  file: z.string(),
  language: languageSchema,
  hard: z.string(),
});

export type Example = z.infer<typeof exampleSchema>;

/** The repository's example targets. Their images become blobs with the first look, so that a job can name them. */
export class Examples {
  private loading: Promise<Example[]> | undefined;
  private readonly folder: string;
  private readonly intake: TargetIntake;
  private readonly blobs: Pick<Blobs, 'put'>;

  constructor(folder: string, intake: TargetIntake, blobs: Pick<Blobs, 'put'>) {
    this.folder = folder;
    this.intake = intake;
    this.blobs = blobs;
  }

  list(): Promise<Example[]> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  private async load(): Promise<Example[]> {
    const text = await readFile(join(this.folder, 'examples.json'), 'utf8');
    const entries = z.array(entrySchema).parse(JSON.parse(text));
    return Promise.all(entries.map((entry) => this.example(entry)));
  }

  private async example(entry: z.infer<typeof entrySchema>): Promise<Example> {
    const { bytes, type, width, height } = await this.intake.normalise(await readFile(join(this.folder, entry.file)));
    return { ...entry, image: await this.blobs.put(bytes, type), width, height };
  }
}
