/** Attempts of one call, the first included. */
export const maxAttempts = 4;
const firstWaitMs = 1_000;
const maxWaitMs = 60_000;

/** Whether to retry a failed attempt, and how long its server asked to wait. */
export type Retry = 'never' | { afterMs: number | null };

/**
 * Milliseconds to wait before the next attempt, or null where there is none. A server's own wait is honored up to
 * 60 s; without one the wait doubles from 1 s, less a random part of up to half, so that workers do not return together.
 */
export function waitBefore(retry: Retry, attempts: number, random: () => number): number | null {
  if (retry === 'never' || attempts >= maxAttempts) return null;
  if (retry.afterMs !== null) return Math.min(retry.afterMs, maxWaitMs);
  return Math.round(firstWaitMs * 2 ** (attempts - 1) * (1 - random() / 2));
}

/**
 * The wait that a response asks for, milliseconds: Retry-After as seconds or as an HTTP date (RFC 9110 section 10.2.3),
 * or the finer `retry-after-ms` of some servers; null where it asks for none that can be read.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | null {
  const fine = headers['retry-after-ms']?.trim();
  if (fine && /^\d+(\.\d+)?$/.test(fine)) return Number(fine);
  const value = headers['retry-after']?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
