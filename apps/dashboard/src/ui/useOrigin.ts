'use client';

import { useEffect, useState } from 'react';

/** The page's origin; empty until it is hydrated. */
export function useOrigin(): string {
  const [origin, setOrigin] = useState('');
  useEffect(() => setOrigin(location.origin), []);
  return origin;
}
