import { createHash } from 'node:crypto';
import { rewardRecordSchema, type ByteCache, type RewardRecord } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';

const maxRecords = 4096;
const maxRecordBytes = 32 * 1024 * 1024;

/** Records by their input: in memory, and in a byte cache behind it where there is one. */
export class ScoreCache {
  readonly #memory = new LRUCache<string, string>({
    max: maxRecords,
    maxSize: maxRecordBytes,
    sizeCalculation: ({ length }) => length,
  });
  readonly #disk: ByteCache | undefined;

  constructor(disk: ByteCache | undefined) {
    this.#disk = disk;
  }

  async get(key: string): Promise<RewardRecord | undefined> {
    const name = nameOf(key);
    const text = this.#memory.get(name) ?? (await this.#fromDisk(name));
    return text === undefined ? undefined : recordOf(text);
  }

  async set(key: string, record: RewardRecord): Promise<void> {
    const name = nameOf(key);
    const text = JSON.stringify(record);
    this.#memory.set(name, text);
    await this.#disk?.set(name, new TextEncoder().encode(text));
  }

  async #fromDisk(name: string): Promise<string | undefined> {
    const bytes = await this.#disk?.get(name);
    if (!bytes) return undefined;
    const text = new TextDecoder().decode(bytes);
    this.#memory.set(name, text);
    return text;
  }
}

/** Undefined where another version of this program stored something else under the name. */
function recordOf(text: string): RewardRecord | undefined {
  try {
    return rewardRecordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The number changes with the names of the terms in a record. */
const nameOf = (key: string): string => `score 3 ${createHash('sha256').update(key).digest('hex')}`;
