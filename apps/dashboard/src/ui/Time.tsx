'use client';

import { useEffect, useState } from 'react';
import { formatAge, formatDuration } from './format.ts';

/** The current time, updated every `interval` milliseconds; null until the page is hydrated. */
function useNow(interval: number): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}

/** How long ago, with the word "ago" on request; the exact time is its tooltip. */
export function Age({ at, ago }: { at: string; ago?: boolean }) {
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="tabular whitespace-nowrap">
      {now === null ? '' : withAgo(formatAge(at, now), ago)}
    </time>
  );
}

function withAgo(age: string, ago = false): string {
  return ago && age !== 'now' ? `${age} ago` : age;
}

/** Time from start to end, counting while there is no end. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const now = useNow(to ? 3_600_000 : 1000);
  const end = to ? Date.parse(to) : now;
  return (
    <span className="tabular whitespace-nowrap">
      {end === null ? '' : formatDuration(Math.max(0, end - Date.parse(from)))}
    </span>
  );
}
