import type { ByteCache, ModelLimits, Prompt } from '@pentimento/contracts';
import { z } from 'zod';
import { lowered, type BoundByModel } from '../calls/model-limits.ts';
import { parseJson } from '../json.ts';

/** How long what a server refused is believed, milliseconds: a week, for servers change. */
export const profileHoldsMs = 7 * 24 * 3_600_000;
const cacheKey = 'model profiles 1';

const bound = z.number().int().min(1).nullable();
const storedSchema = z.strictObject({
  images: bound,
  contextTokens: bound,
  refused: z.array(z.string()),
  learnedAt: z.number(),
});
type Stored = z.infer<typeof storedSchema>;
const allSchema = z.record(z.string(), storedSchema);

/** What one model's server takes: as set, or as its refusals have said. */
export class ModelProfile {
  #limits: ModelLimits;
  readonly #refused: Set<string>;
  readonly #changed: () => void;

  constructor(limits: ModelLimits, refused: readonly string[], changed: () => void) {
    this.#limits = limits;
    this.#refused = new Set(refused);
    this.#changed = changed;
  }

  get limits(): ModelLimits {
    return this.#limits;
  }

  /** Whether the server has refused this part of a request. */
  refuses(id: string): boolean {
    return this.#refused.has(id);
  }

  refuse(id: string): void {
    this.#refused.add(id);
    this.#changed();
  }

  /** @param message the server's words about the prompt. */
  learn(message: string, prompt: Prompt): void {
    const now = lowered(this.#limits, message, prompt);
    if (now.images === this.#limits.images && now.contextTokens === this.#limits.contextTokens) return;
    this.#limits = now;
    this.#changed();
  }

  stored(learnedAt: number): Stored {
    const { images, contextTokens } = this.#limits;
    return { images: finite(images), contextTokens: finite(contextTokens), refused: [...this.#refused], learnedAt };
  }
}

const finite = (limit: number): number | null => (limit === Infinity ? null : limit);

export interface ProfileOptions {
  /** What models' servers take as set by the user, by the models' full names. */
  set: { images: Readonly<BoundByModel>; context: Readonly<BoundByModel> };
  /** What was learned before, by `readLearned`. */
  learned: LearnedProfiles;
  clock: { now(): number };
}

/** The profiles of all models. */
export class ModelProfiles {
  readonly #options: ProfileOptions;
  readonly #profiles = new Map<string, ModelProfile>();

  constructor(options: ProfileOptions) {
    this.#options = options;
  }

  /** @param server where the model is served: another server may take other requests. */
  of(model: string, server: string): ModelProfile {
    const key = `${model} at ${server}`;
    const profile = this.#profiles.get(key) ?? this.#create(model, key);
    this.#profiles.set(key, profile);
    return profile;
  }

  #create(model: string, key: string): ModelProfile {
    const { set, learned, clock } = this.#options;
    const known = learned.get(key, clock.now());
    const limits = {
      images: Math.min(set.images[model] ?? Infinity, known?.images ?? Infinity),
      contextTokens: Math.min(set.context[model] ?? Infinity, known?.contextTokens ?? Infinity),
    };
    const profile: ModelProfile = new ModelProfile(limits, known?.refused ?? [], () =>
      learned.save(key, profile.stored(clock.now())),
    );
    return profile;
  }
}

/** Profiles that were learned, kept in a cache across processes; without one, as long as the process lives. */
export class LearnedProfiles {
  readonly #cache: ByteCache | undefined;
  readonly #known: ReadonlyMap<string, Stored>;
  #saved: Promise<void> = Promise.resolve();

  private constructor(cache: ByteCache | undefined, known: ReadonlyMap<string, Stored>) {
    this.#cache = cache;
    this.#known = known;
  }

  static none = (): LearnedProfiles => new LearnedProfiles(undefined, new Map());

  static async read(cache: ByteCache): Promise<LearnedProfiles> {
    return new LearnedProfiles(cache, await readAll(cache));
  }

  get(key: string, now: number): Stored | undefined {
    const known = this.#known.get(key);
    return known && now - known.learnedAt < profileHoldsMs ? known : undefined;
  }

  /** Adds one profile to those in the cache. A profile that two processes lose by saving at once is learned again. */
  save(key: string, profile: Stored): void {
    const cache = this.#cache;
    if (!cache) return;
    this.#saved = this.#saved.then(async () => {
      const all = Object.fromEntries((await readAll(cache)).set(key, profile));
      await cache.set(cacheKey, new TextEncoder().encode(JSON.stringify(all)));
    });
  }

  /** Once all that was learned so far is in the cache. */
  async saved(): Promise<void> {
    await this.#saved;
  }
}

async function readAll(cache: ByteCache): Promise<Map<string, Stored>> {
  const bytes = await cache.get(cacheKey);
  const read = allSchema.safeParse(bytes && parseJson(new TextDecoder().decode(bytes)));
  return new Map(Object.entries(read.success ? read.data : {}));
}
