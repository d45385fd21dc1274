import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, resizeBicubic, type RgbImage } from '@pentimento/imaging';
import { blank, blur, erase, example, paint, shift, turnHue } from '@pentimento/imaging/testing';
import { publishedTermInfos } from './published.ts';
import { createReward } from '../reward.ts';
import { registry } from '../testing/toy-registry.ts';
import type { RewardTerm } from './reward-term.ts';

const noAbort = new AbortController().signal;
const molecule = { canonical: 'CCO', similarity: 1 };

/** Computes a term from fixed evidence any number of times, with a hash of that evidence. */
interface Trial {
  compute(): number | null;
  fingerprint(): string;
}

const target = example('badge');
const reward = createReward({ terms: registry, windows: 'always' });
let images: { target: RgbImage; renders: RgbImage[] };

beforeAll(async () => {
  const decoded = await decodeImage(target, 'target');
  const bytes = [
    await blur(target, 2),
    await shift(target, 5),
    await turnHue(target, 90),
    await erase(target, 0.5),
    await paint(target, { x: 3, y: 4, width: 20, height: 30 }, '#c00'),
    await blank(decoded, 'white'),
    await blank(decoded, 'black'),
    example('heatmap'),
  ];
  const renders = await Promise.all(bytes.map((render) => decodeImage(render, 'render')));
  images = { target: decoded, renders: renders.map((render) => resizeBicubic(render, decoded)) };
});
afterAll(() => reward.close());

describe.each(registry.terms.map((term) => [term.id, term] as const))('the term %s', (id, term) => {
  it('has an id of its own, a label and a description', () => {
    expect(id).toMatch(/^[a-z][A-Za-z0-9]{0,63}$/);
    expect(publishedTermInfos.map((info) => info.id)).not.toContain(id);
    expect(registry.terms.filter((other) => other.id === id)).toEqual([term]);
    expect(term.label).toMatch(/\S/);
    expect(term.description).toMatch(/\S/);
    expect(term.threshold && ['windows', 'texts', 'molecule'].includes(term.needs)).toBe(false);
  });

  it('is combined of terms that are known of every render', () => {
    const known = registry.terms.filter((other) => other.needs !== 'terms' && other.threshold).map((other) => other.id);
    if (term.needs === 'terms') expect(known).toEqual(expect.arrayContaining([...term.terms]));
  });

  it('has its own value for equal images', async () => {
    expect(identicalTrial(term).compute()).toBe(term.identical);
    const text = { target: 'Total 12', render: 'Total 12' };
    const same = { target: example('long-report'), render: Uint8Array.from(example('long-report')) };
    const { terms } = await reward.score({ ...same, alignment: 1, text, molecule }, noAbort);
    expect(terms[id]).toBe(term.identical);
  });

  it('has its own value for nothing rendered', async () => {
    const text = { target: 'Total 12', render: null };
    const input = { target: example('long-report'), render: null, alignment: 1, text, molecule: null } as const;
    expect((await reward.score(input, noAbort)).terms[id]).toBe(term.nothingRendered);
  });

  it('gives numbers in 0..1, the same each time, and does not change its evidence', () => {
    for (const trial of trialsOf(term)) {
      const before = trial.fingerprint();
      const value = trial.compute();
      expect(trial.compute()).toBe(value);
      expect(trial.fingerprint()).toBe(before);
      if (value === null) continue;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });
});

function identicalTrial(term: RewardTerm): Trial {
  switch (term.needs) {
    case 'tiles':
    case 'windows':
      return trial([[1, 1, 1]], (scores) => term.compute(scores));
    case 'sizes':
      return trial([images.target, images.target], (a, b) => term.compute(a, b));
    case 'pixels':
      return pixelsTrial(term, images.target);
    case 'texts':
      return trial(['Total 12', 'Total 12'], (a, b) => term.compute(a, b));
    case 'terms':
      return trial([term.terms.map(() => 1)], (values) => term.compute(values));
    case 'molecule':
      return trial([molecule], (render) => term.compute(render));
  }
}

function trialsOf(term: RewardTerm): Trial[] {
  switch (term.needs) {
    case 'tiles':
    case 'windows':
      return [[0.3], [0, 1], [0.2, 0.9, 0.4], new Array<number>(13).fill(0)].map((scores) =>
        trial([scores], (evidence) => term.compute(evidence)),
      );
    case 'sizes':
      return [1, 40, 448, 5000].flatMap((width) =>
        [1, 37, 3000].map((height) => trial([images.target, { width, height }], (a, b) => term.compute(a, b))),
      );
    case 'pixels':
      return images.renders.map((render) => pixelsTrial(term, render));
    case 'texts':
      return ['', 'Total', 'Totally other words', '12'].map((text) =>
        trial(['Total 12', text], (a, b) => term.compute(a, b)),
      );
    case 'terms':
      return [0, 0.3, 0.9999].map((value) =>
        trial([term.terms.map((_, index) => value ** index)], (values) => term.compute(values)),
      );
    case 'molecule':
      return [0, 0.4, null].map((similarity) =>
        trial([{ canonical: 'C', similarity }], (render) => term.compute(render)),
      );
  }
}

function pixelsTrial(term: Extract<RewardTerm, { needs: 'pixels' }>, render: RgbImage): Trial {
  const { feature } = term;
  const features = [feature.extract(images.target), feature.extract(render)];
  return trial<[RgbImage, RgbImage, unknown[]]>([images.target, render, features], (a, b, [ofTarget, ofRender]) => {
    expect([feature.extract(a), feature.extract(b)]).toEqual(features);
    const computed = term.compute(ofTarget, ofRender);
    return typeof computed === 'number' ? computed : computed.value;
  });
}

function trial<Evidence extends unknown[]>(
  evidence: Evidence,
  compute: (...evidence: Evidence) => number | null,
): Trial {
  return { compute: () => compute(...evidence), fingerprint: () => fingerprintOf(evidence) };
}

/** Typed arrays by their bytes: JSON of an image would take seconds. */
function fingerprintOf(evidence: unknown): string {
  return JSON.stringify(evidence, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? createHash('sha256').update(bytesOf(value)).digest('hex') : value,
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
}
