import type { RewardItemStatus, RewardResult } from '@pentimento/api-contracts';
import { rewardVersionId, type RewardRecord } from '@pentimento/contracts';
import { termInfos } from '../terms/term-infos.ts';

/** The result of an item without its id and duration. */
export type ItemOutcome = Omit<RewardResult, 'id' | 'ms'>;

type Components = RewardResult['components'];

const noTerms = Object.fromEntries(termInfos().map(({ id }) => [id, null])) as Components;

export function scored(
  record: RewardRecord,
  { molecule, bitmapShare }: Pick<RewardResult, 'molecule' | 'bitmapShare'>,
  cached: boolean,
): ItemOutcome {
  const { terms, empty } = record;
  const rewardVersion = rewardVersionId(record);
  return {
    status: 'ok',
    score: terms.overall,
    components: terms,
    empty,
    rewardVersion,
    record,
    molecule,
    bitmapShare,
    error: null,
    cached,
  };
}

const nothing = { score: null, empty: false, record: null, molecule: null, bitmapShare: null, cached: false } as const;

type RuledOut = 'no_code' | 'edit_failed' | 'not_rendered';

/** Terms without a score, by the published rule: a reply without code, edits that do not apply, or code that does not render. */
export function ruledOut(
  status: RuledOut,
  record: RewardRecord,
  error: NonNullable<RewardResult['error']>,
): ItemOutcome {
  const rewardVersion = rewardVersionId(record);
  return { ...nothing, status, components: record.terms, rewardVersion, error };
}

/** Neither score nor terms. */
export function unscored(
  status: Exclude<RewardItemStatus, 'ok' | RuledOut>,
  message: string,
  kind: NonNullable<RewardResult['error']>['kind'] = null,
): ItemOutcome {
  return { ...nothing, status, components: noTerms, rewardVersion: null, error: { kind, message } };
}

export const invalid = (message: string): ItemOutcome => unscored('invalid', message, 'input');
