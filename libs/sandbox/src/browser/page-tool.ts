import type { RenderFailureKind } from '@pentimento/contracts';
import type { RequestInterceptor } from './request-interceptor.ts';

/**
 * A page of Pentimento's own with a library in it. Each is loaded in advance, given one input as data, and discarded with its browser
 * context. The input may take over the page, so the result is as untrusted as the pixels.
 */
export interface PageTool {
  /** Name and version of the library, e.g. "mermaid-11.17.2". */
  name: string;
  html: string;
  intercept: RequestInterceptor;
  /** Source of a function of (input: string, viewport: Size) that renders in the page and resolves with a `PageToolResult`. */
  render: string;
}

/** The part of the page to take a screenshot of, from its top left corner, CSS pixels; or why there is none. */
export type PageToolResult =
  /** `notes`: what the image lacks, a sentence each; a few of them are kept. */
  { width: number; height: number; notes?: string[] } | { kind: RenderFailureKind; error: string };

/** The tool reported that it cannot render the input. */
export class ToolError extends Error {
  override name = 'ToolError';
  readonly kind: RenderFailureKind;

  constructor(kind: RenderFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const maxNotes = 8;

const kinds: readonly RenderFailureKind[] = ['syntax', 'runtime', 'too-large', 'empty'];

/**
 * The size and the notes in a tool's untrusted result.
 *
 * @throws ToolError where the result is an error, or malformed.
 */
export function readPageToolResult(value: unknown): { width: number; height: number; notes: string[] } {
  const result = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { width, height, error } = result;
  if (isSide(width) && isSide(height)) {
    return { width: Math.ceil(width), height: Math.ceil(height), notes: readNotes(result['notes']) };
  }
  const kind = kinds.find((candidate) => candidate === result['kind']) ?? 'runtime';
  throw new ToolError(kind, typeof error === 'string' ? error : 'The tool rendered nothing and gave no reason.');
}

const isSide = (value: unknown): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value);

const readNotes = (notes: unknown): string[] =>
  Array.isArray(notes) ? notes.filter((note) => typeof note === 'string').slice(0, maxNotes) : [];
