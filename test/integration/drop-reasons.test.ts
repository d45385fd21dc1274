import { expect, it } from 'vitest';
import { reasonWords } from '../../apps/dashboard/src/features/datasets/drops.ts';
import type { DropReason } from '../../libs/traces/src/export/drops.ts';

/** All of them: the type check finds one that is missing. */
const reasons: Record<DropReason, true> = {
  malformed: true,
  unfinished: true,
  inconsistent: true,
  missing_blob: true,
  no_reward: true,
  no_call: true,
  no_code: true,
  not_rendered: true,
  no_gain: true,
  held_back: true,
  no_pair: true,
  no_tokens: true,
  token_mismatch: true,
  no_patches: true,
  threshold_missed: true,
  reserved_header: true,
  image_tag_in_text: true,
  invalid_image: true,
};

it.each(Object.keys(reasons))('the dashboard explains the drop reason %s', (reason) => {
  expect(reasonWords(reason).meaning).not.toBe('');
});
