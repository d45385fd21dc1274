'use client';

import { useEffect, useState } from 'react';
import { blobUrl } from '../../api/client.ts';
import { loadPixels } from './loadPixels.ts';
import type { SideImage } from './model.ts';
import { colorAt, type Pixels } from './pixels.ts';
import type { Point } from './viewport.ts';

/** The pixel under the pointer and its color on both sides. Pixels are read on the first move of the pointer. */
export function PixelReadout({ left, right, point }: { left: SideImage; right: SideImage; point: Point | null }) {
  const over = point !== null;
  const leftPixels = usePixels(left.image, over);
  const rightPixels = usePixels(right.image, over);
  if (!point) return null;
  const x = Math.floor(point.x);
  const y = Math.floor(point.y);
  const colors = [leftPixels && colorAt(leftPixels, x, y), rightPixels && colorAt(rightPixels, x, y)];
  if (!colors[0] && !colors[1]) return null;
  return (
    <span className="tabular ml-auto flex items-center gap-3 font-mono text-xs max-md:hidden" data-testid="pixel">
      <span>
        {x}, {y}
      </span>
      {colors.map((color, index) => (
        <span key={index} className="flex w-20 items-center gap-1">
          {color && <span className="size-3 border border-edge" style={{ background: color }} />}
          {color ?? 'none'}
        </span>
      ))}
    </span>
  );
}

function usePixels(image: string | null, wanted: boolean): Pixels | null {
  const [pixels, setPixels] = useState<{ image: string; pixels: Pixels } | null>(null);
  useEffect(() => {
    if (!image || !wanted) return;
    let current = true;
    loadPixels(blobUrl(image)).then(
      (loaded) => current && setPixels({ image, pixels: loaded }),
      // The pane says that the image could not be loaded.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [image, wanted]);
  return pixels?.image === image ? pixels.pixels : null;
}
