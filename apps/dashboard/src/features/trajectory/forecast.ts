import type { Forecast } from '@pentimento/contracts';
import { formatChange, formatCount } from '../../ui/format.ts';

/** "Another iteration is expected to bring +0.004 (±0.000 to +0.012), by 23 past jobs of this model and language." */
export function forecastSentence({ gain, low, high, jobs, own }: Forecast): string {
  const interval = low === null || high === null ? '' : ` (${formatChange(low)} to ${formatChange(high)})`;
  const past = jobs > 0 && `${formatCount(jobs)} past ${jobs === 1 ? 'job' : 'jobs'} of this model and language`;
  const grounds = [past, own > 0 && `the last ${own === 1 ? 'gain' : `${own} gains`} of this job`];
  return `Another iteration is expected to bring ${formatChange(gain)}${interval}, by ${grounds.filter(Boolean).join(' and ')}.`;
}
