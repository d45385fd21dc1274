import type { RenderFailureKind } from '@pentimento/contracts';
import type { Server } from './served.ts';

/**
 * A page of the project's own with a library in it. It is loaded ahead; each is given one input, as data, and thrown away with
 * the context that it stands in. The input may bring the page under its control: what it answers is as untrusted as its pixels.
 */
export interface Tool {
  /** Name and version of the library, e.g. "mermaid-11.17.2". */
  name: string;
  html: string;
  serve: Server;
  /** Source of a function of (input: string, viewport: Size) that draws and resolves with a `ToolAnswer`. */
  draw: string;
}

/** The part of the page to photograph, CSS pixels, or why there is nothing. */
export type ToolAnswer = { width: number; height: number } | { kind: RenderFailureKind; complaint: string };

/** The tool answered that the input cannot be drawn. */
export class ToolComplaint extends Error {
  override name = 'ToolComplaint';
  readonly kind: RenderFailureKind;

  constructor(kind: RenderFailureKind, complaint: string) {
    super(complaint);
    this.kind = kind;
  }
}

const kinds: readonly RenderFailureKind[] = ['syntax', 'runtime', 'too-large', 'empty'];

/**
 * The part of the page that a tool's answer names.
 *
 * @throws ToolComplaint where the answer is a complaint, or no answer.
 */
export function readToolAnswer(value: unknown): { width: number; height: number } {
  const answer = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { width, height, complaint } = answer;
  if (isSide(width) && isSide(height)) return { width: Math.ceil(width), height: Math.ceil(height) };
  const kind = kinds.find((candidate) => candidate === answer['kind']) ?? 'runtime';
  throw new ToolComplaint(kind, typeof complaint === 'string' ? complaint : 'It was not drawn, for no reason given.');
}

const isSide = (value: unknown): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value);
