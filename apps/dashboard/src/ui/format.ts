import { requiredScores, termWords, type Policy } from '@pentimento/contracts';

/** Three decimals, as everywhere in Pentimento. A score below `threshold` is never rounded up to it. */
export function formatScore(score: number, threshold?: number): string {
  const rounded = score.toFixed(3);
  const lifted = threshold !== undefined && score < threshold && Number(rounded) >= threshold;
  return lifted ? (Math.floor(score * 1000) / 1000).toFixed(3) : rounded;
}

/** All that a job must reach: "0.995", "0.900 (worst tile)", "0.970 and 0.900 (worst tile)". */
export function formatThreshold(policy: Pick<Policy, 'threshold' | 'profile' | 'minimums'>): string {
  return requiredScores(policy)
    .map(({ term, minimum }) =>
      term === 'overall' ? formatScore(minimum) : `${formatScore(minimum)} (${termWords(term)})`,
    )
    .join(' and ');
}

/** A change with its sign, e.g. "+0.041" or "−0.003" (with a true minus); "±0.000" where there is none. */
export function formatChange(change: number): string {
  const digits = Math.abs(change).toFixed(3);
  if (digits === '0.000') return '±0.000';
  return `${change > 0 ? '+' : '−'}${digits}`;
}

/** Milliseconds as "420 ms", "3.1 s", "28 s", "2 min 05 s" or "1 h 04 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** How long ago, in one unit: "now", "40 s", "3 min", "5 h", "2 d". */
export function formatAge(then: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(then)) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(0)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

export function formatSize(size: { width: number; height: number }): string {
  return `${size.width} × ${size.height}`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
