import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobMismatchError, BlobNotFoundError, sha256, type BlobStore, type StoredBlob } from '../blob-store.ts';

export interface OpenedBlobStore {
  store: BlobStore;
  /** Another store over the same blobs, as another process has it. */
  another: BlobStore;
  close(): Promise<void>;
}

async function* inChunks(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** Content whose second half comes when `finish` is called. `started` resolves once the first half is taken. */
function interruptible(content: Uint8Array) {
  const started = Promise.withResolvers<void>();
  const { promise, resolve: finish, reject: fail } = Promise.withResolvers<void>();
  const half = Math.floor(content.length / 2);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, half);
    started.resolve();
    await promise;
    yield content.subarray(half);
  }
  return { chunks: chunks(), started: started.promise, finish, fail };
}

/** What every blob store must do: call it in the test file of an implementation. `open` returns an empty store. */
export function describeBlobStore(name: string, open: () => Promise<OpenedBlobStore>): void {
  describe(`${name} as a blob store`, () => {
    let opened: OpenedBlobStore;
    let store: BlobStore;
    let content: Buffer;
    let id: string;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      content = randomBytes(100_000);
      id = sha256(content);
    });
    afterEach(() => opened.close());

    const put = (bytes: Uint8Array, to = store) => to.put(sha256(bytes), inChunks(bytes));
    const read = async (blob: string, from = store) => buffer(await from.get(blob));
    const list = (): Promise<StoredBlob[]> => Readable.from(store.list()).toArray();
    const listed = async () => (await list()).map((blob) => blob.id).toSorted();
    const expectMissing = async (from = store) => {
      expect(await from.has(id)).toBe(false);
      await expect(from.get(id)).rejects.toThrow(BlobNotFoundError);
      expect(await listed()).toEqual([]);
    };

    it('returns the content that was put, also to another process', async () => {
      await put(content);
      expect(await store.has(id)).toBe(true);
      expect((await read(id)).equals(content)).toBe(true);
      expect((await read(id, opened.another)).equals(content)).toBe(true);
    });

    it('stores content in any number of chunks, none included', async () => {
      await store.put(id, inChunks(content.subarray(0, 1), content.subarray(1, 60_000), content.subarray(60_000)));
      expect((await read(id)).equals(content)).toBe(true);
      const empty = sha256(new Uint8Array());
      await store.put(empty, inChunks());
      expect(await read(empty)).toHaveLength(0);
    });

    it('returns a part of the content, the bytes at both ends of it included', async () => {
      await put(content);
      for (const [start, end] of [
        [0, 0],
        [10, 70_000],
        [99_999, 99_999],
      ] as const) {
        const part = await buffer(await opened.another.get(id, { start, end }));
        expect(part.equals(content.subarray(start, end + 1))).toBe(true);
      }
    });

    it('refuses content with another SHA-256, and stores nothing', async () => {
      await expect(store.put(id, inChunks(content.subarray(1)))).rejects.toThrow(BlobMismatchError);
      await expectMissing();
    });

    it('stores nothing if the content breaks off', async () => {
      const { chunks, started, fail } = interruptible(content);
      const putting = store.put(id, chunks);
      await started;
      fail(new Error('The upload was interrupted.'));
      await expect(putting).rejects.toThrow();
      await expectMissing();
      await put(content);
      expect((await read(id)).equals(content)).toBe(true);
    });

    it('shows a blob only once it is whole', async () => {
      const { chunks, started, finish } = interruptible(content);
      const putting = store.put(id, chunks);
      await started;
      await expectMissing();
      await expectMissing(opened.another);
      finish();
      await putting;
      expect((await read(id, opened.another)).equals(content)).toBe(true);
    });

    it('stores equal content once if many put it at the same time', async () => {
      const puts = Array.from({ length: 20 }, (_, index) => put(content, index % 2 ? store : opened.another));
      await Promise.all(puts);
      expect(await listed()).toEqual([id]);
      expect((await read(id)).equals(content)).toBe(true);
    });

    it('keeps a blob that another process stored while a put was in progress', async () => {
      const { chunks, started, finish } = interruptible(content);
      const putting = store.put(id, chunks);
      await started;
      await put(content, opened.another);
      expect((await read(id)).equals(content)).toBe(true);
      finish();
      await putting;
      expect((await read(id)).equals(content)).toBe(true);
      expect(await listed()).toEqual([id]);
    });

    it('reports a missing blob with its id', async () => {
      await expect(store.get(id)).rejects.toMatchObject({ name: 'BlobNotFoundError', id });
    });

    it('deletes a blob, once or again, and stores it again afterwards', async () => {
      await put(content);
      await store.delete(id);
      await expectMissing();
      await store.delete(id);
      await put(content);
      expect((await read(id, opened.another)).equals(content)).toBe(true);
    });

    it('lists every blob with its size and its time', async () => {
      const before = Date.now() - 2000;
      const contents = [content, randomBytes(5), new Uint8Array()];
      for (const bytes of contents) await put(bytes);
      const blobs = await list();
      const sizes = Object.fromEntries(blobs.map((blob) => [blob.id, blob.bytes]));
      expect(sizes).toEqual(Object.fromEntries(contents.map((bytes) => [sha256(bytes), bytes.byteLength])));
      for (const { modifiedAt } of blobs) {
        expect(modifiedAt.getTime()).toBeGreaterThan(before);
        expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 2000);
      }
    });

    it('cleans without touching blobs or writes in progress', async () => {
      const { chunks, started, finish } = interruptible(content);
      await put(randomBytes(10));
      const putting = store.put(id, chunks);
      await started;
      await store.clean(new Date(Date.now() - 60_000));
      finish();
      await putting;
      expect((await read(id)).equals(content)).toBe(true);
      expect(await listed()).toHaveLength(2);
    });

    it.each(['../../../../etc/passwd', 'A'.repeat(64), '', `${'a'.repeat(64)}\n`])('refuses the id %j', async (bad) => {
      const refusal = /64 lower-case hex digits/;
      await expect(store.put(bad, inChunks(content))).rejects.toThrow(refusal);
      await expect(store.get(bad)).rejects.toThrow(refusal);
      await expect(store.has(bad)).rejects.toThrow(refusal);
      await expect(store.delete(bad)).rejects.toThrow(refusal);
    });
  });
}
