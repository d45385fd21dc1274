import { createHash } from 'node:crypto';
import type { RenderFailureKind, RenderRequest, RenderResult, RewardRecord } from '@pentimento/contracts';
import { blank, paint } from '@pentimento/imaging/testing';
import { defineFlaws, replacements, type FlawSite } from '../language-flaws.ts';
import type { FlawPorts } from '../synthesize.ts';

const colors: Record<string, string> = { r: 'red', g: 'green', b: 'blue' };
const failures: Record<string, RenderFailureKind> = { '!': 'syntax', '?': 'runtime', t: 'timeout', u: 'unavailable' };

const each = (code: string, others: readonly string[]): FlawSite[] =>
  [...code].map((letter, index) =>
    replacements(index, index + 1, others, (other) => `It is ${other} instead of ${letter}.`),
  );

/** Each letter is a block of 10 x 10 pixels of its color, from left to right; some letters fail. */
export const toy = defineFlaws<string>({
  language: 'toy',
  read: (code) => code,
  finders: {
    'wrong-color': (code) => each(code, ['b', '!', 't']),
    // A letter without a color and a failure is black.
    'wrong-label': (code) => each(code, ['y']).filter(({ start }) => code[start] === 'x'),
    'broken-syntax': (code) => each(code, ['!', 'g']),
    'wrong-call': (code) => each(code, ['?', 'u']),
  },
});

async function renderToy({ code, size }: RenderRequest): Promise<RenderResult> {
  const failing = [...code].find((letter) => Object.hasOwn(failures, letter));
  if (failing)
    return {
      status: 'failed',
      kind: failures[failing]!,
      message: `No ${failing}.`,
      renderer: 'toy 1',
      ms: Math.random(),
    };
  let image: Uint8Array = await blank(size, 'white');
  for (const [index, letter] of [...code].entries()) {
    image = await paint(image, { x: index * 10, y: 5, width: 10, height: 10 }, colors[letter] ?? 'black');
  }
  return {
    status: 'ok',
    image,
    ...size,
    log: '',
    text: code,
    molecule: null,
    bitmapShare: null,
    renderer: 'toy 1',
    ms: Math.random(),
  };
}

/** Ports that render toy code, and a reward that records what it scores. */
export function toyPorts() {
  const images = new Map<string, Uint8Array>();
  const requests: RenderRequest[] = [];
  const scored: Parameters<FlawPorts['reward']['score']>[0][] = [];
  const ports: FlawPorts = {
    languages: [toy],
    render: {
      render: (request, signal) => {
        signal.throwIfAborted();
        requests.push(request);
        return renderToy(request);
      },
    },
    reward: {
      score: (input) => {
        scored.push(input);
        return Promise.resolve(recordOf(input.render === null ? 0 : 0.75));
      },
    },
    blobs: {
      put: (bytes) => {
        const id = createHash('sha256').update(bytes).digest('hex');
        images.set(id, bytes);
        return Promise.resolve(id);
      },
    },
  };
  return { ports, images, requests, scored };
}

const recordOf = (visual: number): RewardRecord => ({
  version: 'toy',
  encoder: { id: 'toy', sha256: '0'.repeat(64) },
  preprocessing: 'toy',
  terms: { overall: visual, visual, alignment: 1, execution: 1 },
  tiles: [],
  windows: [],
  shift: null,
  map: null,
  empty: false,
  ms: Math.random(),
});
