import type { RenderFailureKind } from '@pentimento/contracts';

/** Code of one language with which `test/contracts/renderer.test.ts` shows that its renderer does what every renderer must. */
export interface ContractSamples {
  /** Renders to an image that is not blank. */
  good: string;
  failing: { code: string; kind: RenderFailureKind };
  /** Code that takes longer than `deadlineMs`. */
  slow: { code: string; deadlineMs: number };
  /** What the renderer must lack to be unavailable; null for a renderer that needs npm packages only. */
  without: 'chromium' | 'python' | 'programs' | null;
}
