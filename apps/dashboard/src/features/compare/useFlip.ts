'use client';

import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../../keys/useKeys.ts';

const held = 300;

/** A tap of `x` flips; holding it flips until it is released. Off in modes without flipping. */
export function useFlip(on: boolean): { flipped: boolean; toggle: () => void } {
  const [flipped, setFlipped] = useState(false);
  const pressedAt = useRef<number | null>(null);
  const toggle = () => setFlipped((value) => !value);
  useEffect(() => {
    if (!on) setFlipped(false);
  }, [on]);
  useKeys(
    'trajectory',
    {
      'flip-sides': (event) => {
        if (!on || event.repeat) return;
        pressedAt.current = event.timeStamp;
        toggle();
      },
    },
    {
      'flip-sides': (event) => {
        if (pressedAt.current !== null && event.timeStamp - pressedAt.current > held) toggle();
        pressedAt.current = null;
      },
    },
  );
  return { flipped, toggle };
}
