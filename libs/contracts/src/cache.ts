/** Bytes by key, kept across processes within bounds: what is not there any more is made again. */
export interface ByteCache {
  /** Undefined where nothing is kept under the key, or what is kept is damaged. Never rejects. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Never rejects: a cache that cannot be written is only slower. */
  set(key: string, bytes: Uint8Array): Promise<void>;
}
