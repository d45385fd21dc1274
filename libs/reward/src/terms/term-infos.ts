import type { RewardTermInfo } from '@pentimento/contracts';
import { publishedTermInfos } from './published.ts';
import { registry as standardTerms } from './registry.ts';
import type { TermRegistry } from './reward-term.ts';

/** Every term of a record in the order in which they are shown, the published ones first. */
export function termInfos({ terms }: TermRegistry = standardTerms): RewardTermInfo[] {
  return [
    ...publishedTermInfos.map((info) => ({ ...info, published: true })),
    ...terms.map(({ id, label, description, threshold }) => ({ id, label, description, threshold, published: false })),
  ];
}
