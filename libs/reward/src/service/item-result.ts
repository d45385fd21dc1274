import type { RewardItemStatus, RewardResult } from '@pentimento/api-contracts';
import type { RewardRecord } from '@pentimento/contracts';
import { termInfos } from '../terms/term-infos.ts';

/** The result of an item without its id and duration. */
export type ItemOutcome = Pick<
  RewardResult,
  'status' | 'score' | 'components' | 'molecule' | 'bitmapShare' | 'error' | 'cached'
> & {
  record: RewardRecord | null;
};

type Components = RewardResult['components'];

const noTerms = Object.fromEntries(termInfos().map(({ id }) => [id, null])) as Components;

export function scored(
  record: RewardRecord,
  { molecule, bitmapShare }: Pick<RewardResult, 'molecule' | 'bitmapShare'>,
  cached: boolean,
): ItemOutcome {
  const { terms } = record;
  return { status: 'ok', score: terms.overall, components: terms, record, molecule, bitmapShare, error: null, cached };
}

type RuledOut = 'no_code' | 'edit_failed' | 'not_rendered';

/** Terms without a score, by the published rule: a reply without code, edits that do not apply, or code that does not render. */
export function ruledOut(
  status: RuledOut,
  { terms }: RewardRecord,
  error: NonNullable<RewardResult['error']>,
): ItemOutcome {
  return {
    status,
    score: null,
    components: terms,
    record: null,
    molecule: null,
    bitmapShare: null,
    error,
    cached: false,
  };
}

/** Neither score nor terms. */
export function unscored(
  status: Exclude<RewardItemStatus, 'ok' | RuledOut>,
  message: string,
  kind: NonNullable<RewardResult['error']>['kind'] = null,
): ItemOutcome {
  return {
    status,
    score: null,
    components: noTerms,
    record: null,
    molecule: null,
    bitmapShare: null,
    error: { kind, message },
    cached: false,
  };
}

export const invalid = (message: string): ItemOutcome => unscored('invalid', message, 'input');
