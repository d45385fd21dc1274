import type { RewardTerms } from '../../libs/contracts/src/index.ts';
import { readPixels } from './pixels.ts';
import { allTargets, type Ports } from './targets.ts';
import { tricks } from './tricks.ts';

/** An image that is scored against a target. */
export interface Sample {
  target: string;
  held: boolean;
  kind: 'honest' | 'cheap' | 'soft';
  /** The trick, or the flaw of an honest render. */
  name: string;
  terms: RewardTerms;
  images: { target: Uint8Array; render: Uint8Array };
}

/** A trick that changes less of a target is none: there is no text in some. */
const minChangedShare = 0.002;
const signal = new AbortController().signal;

export async function allSamples(ports: Ports): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const { name: target, held, image, honest } of allTargets(ports)) {
    const made = await Promise.all(tricks.map(async (trick) => ({ ...trick, image: await trick.make(image) })));
    const changed = await Promise.all(made.map((trick) => changedShare(image, trick.image)));
    const renders = [
      ...honest.map(({ flaw, image: render }) => ({ kind: 'honest' as const, name: flaw, image: render })),
      ...made.filter((_, index) => changed[index]! >= minChangedShare),
    ];
    for (const { kind, name, image: render } of renders) {
      const { terms } = await ports.reward.score({ target: image, render, alignment: 1 }, signal);
      samples.push({ target, held, kind, name, terms, images: { target: image, render } });
    }
  }
  return samples;
}

async function changedShare(before: Uint8Array, after: Uint8Array): Promise<number> {
  const [a, b] = await Promise.all([readPixels(before), readPixels(after)]);
  return a.rgb.filter((value, index) => value !== b.rgb[index]).length / a.rgb.length;
}
