'use client';

import type { Size } from '@pentimento/contracts';
import { useEffect, useRef, useState } from 'react';
import { blobUrl } from '../../api/client.ts';
import { loadPixels } from './loadPixels.ts';
import { Placed } from './Pane.tsx';
import { differenceOf, type Difference } from './pixels.ts';
import { pixelatedFrom, type Viewport } from './viewport.ts';

/** |left - right| per channel. Reports the amount of difference to `onMeasure`. */
export function DifferenceLayer({
  left,
  right,
  frame,
  gain,
  view,
  pane,
  alt,
  onMeasure,
}: {
  left: string;
  right: string;
  frame: Size;
  gain: number;
  view: Viewport;
  pane: Size;
  alt: string;
  onMeasure: (difference: Pick<Difference, 'changed' | 'mean'> | null) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  const { width, height } = frame;
  useEffect(() => {
    let current = true;
    setFailed(false);
    Promise.all([loadPixels(blobUrl(left)), loadPixels(blobUrl(right))]).then(
      ([a, b]) => {
        const context = canvas.current?.getContext('2d');
        if (!current || !context) return;
        const difference = differenceOf(a, b, { width, height }, gain);
        context.putImageData(new ImageData(difference.pixels, width, height), 0, 0);
        onMeasure(difference);
      },
      () => current && setFailed(true),
    );
    return () => {
      current = false;
      onMeasure(null);
    };
  }, [left, right, width, height, gain, onMeasure]);
  return (
    <>
      <Placed view={view} pane={pane} size={frame}>
        <canvas
          ref={canvas}
          width={width}
          height={height}
          role="img"
          aria-label={alt}
          style={{ imageRendering: view.scale >= pixelatedFrom ? 'pixelated' : undefined }}
          data-testid="difference"
        />
      </Placed>
      {failed && (
        <p className="absolute inset-0 m-auto h-fit w-fit rounded border bg-panel p-3">
          The images could not be loaded.
        </p>
      )}
    </>
  );
}
