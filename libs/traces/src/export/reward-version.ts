import type { RewardVersion } from '@pentimento/contracts';

/** One text for what scores must share to be comparable: the terms, the encoder and the preprocessing. */
export const rewardVersionOf = ({ version, encoder, preprocessing }: RewardVersion): string =>
  `${version}/${encoder.id}-${encoder.sha256.slice(0, 12)}/${preprocessing}`;
