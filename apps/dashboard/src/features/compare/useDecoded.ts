'use client';

import { useEffect, useState } from 'react';
import { decodeImage } from './loadPixels.ts';

/** The last requested image that is decoded, so that a change of image does not flash. */
export function useDecoded<T extends { url: string | null }>(wanted: T): { shown: T | null; failed: boolean } {
  const [shown, setShown] = useState<T | null>(wanted.url === null ? wanted : null);
  const [failed, setFailed] = useState(false);
  const { url } = wanted;
  useEffect(() => {
    let current = true;
    setFailed(false);
    if (url === null) {
      setShown(wanted);
      return;
    }
    decodeImage(url).then(
      () => current && setShown(wanted),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
    // Only the image counts: the rest of `wanted` describes it.
  }, [url]);
  return { shown: shown?.url === url ? wanted : shown, failed };
}
