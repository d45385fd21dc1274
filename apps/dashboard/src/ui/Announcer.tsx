'use client';

import { useEffect, useRef, useState } from 'react';

/** Says the newest message to a screen reader, at most once in five seconds. */
export function Announcer({ message }: { message: string }) {
  const [text, setText] = useState('');
  const last = useRef(0);
  useEffect(() => {
    if (!message) return;
    const wait = Math.max(0, last.current + 5000 - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setText(message);
    }, wait);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
