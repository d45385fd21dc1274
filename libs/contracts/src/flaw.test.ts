import { describe, expect, it } from 'vitest';
import { flawPairSchema, type FlawPair } from './flaw.ts';

const image = { image: 'a'.repeat(64), width: 100, height: 50, renderer: 'svg librsvg-2' };

const pair = (changes: Partial<FlawPair> = {}): FlawPair => ({
  source: 'icon.svg',
  language: 'svg',
  kind: 'wrong-color',
  description: 'The fill is red instead of blue.',
  edit: { search: 'fill="blue"', replace: 'fill="red"' },
  correctCode: '<svg><rect fill="blue"/></svg>',
  flawedCode: '<svg><rect fill="red"/></svg>',
  target: image,
  flawed: { status: 'ok', ...image, image: 'b'.repeat(64) },
  score: {
    version: '1',
    encoder: { id: 'e', sha256: 'c'.repeat(64) },
    preprocessing: 'p',
    terms: { overall: 0.9, visual: 0.9, alignment: 1, execution: 1, color: 0.5, text: null },
  },
  box: { x: 10, y: 5, width: 90, height: 45 },
  changedShare: 0.1,
  ...changes,
});
const problemOf = (changes: Partial<FlawPair>) => flawPairSchema.safeParse(pair(changes)).error?.issues[0]?.message;
const failed = { status: 'failed', kind: 'syntax', message: 'No.', renderer: 'svg' } as const;

describe('flawPairSchema', () => {
  it('accepts a pair that renders, and one that does not', () => {
    expect(problemOf({})).toBeUndefined();
    expect(problemOf({ flawed: failed, box: null, changedShare: null })).toBeUndefined();
  });

  it('wants a box exactly where the flawed code renders', () => {
    expect(problemOf({ box: null })).toContain('A box and a changed share');
    expect(problemOf({ flawed: failed })).toContain('A box and a changed share');
    expect(problemOf({ flawed: failed, box: null })).toContain('A box and a changed share');
  });

  it('wants the box within the target', () => {
    expect(problemOf({ box: { x: 11, y: 5, width: 90, height: 45 } })).toContain('within the target');
  });

  it('wants an edit that makes the flaw, and whose reverse fixes it', () => {
    expect(problemOf({ edit: { search: 'blue', replace: 'green' } })).toContain('into the flawed code');
    const twice = {
      correctCode: '<a b="1" c="2"/>',
      flawedCode: '<a b="2" c="2"/>',
      edit: { search: '1', replace: '2' },
    };
    expect(problemOf(twice)).toContain('reversed edit');
    expect(problemOf({ ...twice, edit: { search: 'b="1"', replace: 'b="2"' } })).toBeUndefined();
  });
});
