/** A program was killed because its tree had more memory than it may (`Limits.treeBytes`). */
export class MemoryExceeded extends Error {
  override name = 'MemoryExceeded';

  constructor() {
    super('The program asked for more memory than it may have.');
  }
}
