import { MemoryBlobStore } from './memory-blob-store.ts';

/** A blob store whose next put or delete stops at a gate until the test opens it, to hold a race at one step. */
export class GatedBlobStore extends MemoryBlobStore {
  gates: Partial<Record<'put' | 'delete', { reached: () => void; opened: Promise<void> }>> = {};
  failsDelete = false;

  gate(operation: 'put' | 'delete'): { reached: Promise<void>; open: () => void } {
    const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.gates[operation] = { reached: reached.resolve, opened: opened.promise };
    return { reached: reached.promise, open: opened.resolve };
  }

  async #pass(operation: 'put' | 'delete'): Promise<void> {
    const gate = this.gates[operation];
    this.gates[operation] = undefined;
    gate?.reached();
    await gate?.opened;
  }

  override async put(id: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#pass('put');
    return super.put(id, content);
  }

  override async delete(id: string): Promise<void> {
    await this.#pass('delete');
    if (this.failsDelete) throw new Error('The blob store cannot be reached.');
    return super.delete(id);
  }
}
