'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { blobUrl } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatSize } from '../../ui/format.ts';
import type { PlacedImage } from './rows.ts';

/** The images of a row, one at a time and at full size; `at` is null where it is closed. */
export function ImageDialog({
  images,
  at,
  onAt,
}: {
  images: readonly PlacedImage[];
  at: number | null;
  onAt: (at: number | null) => void;
}) {
  const shown = at === null ? undefined : images[at];
  const step = (by: 1 | -1) => at !== null && images[at + by] && onAt(at + by);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight') step(1);
    if (event.key === 'ArrowLeft') step(-1);
  };
  return (
    <Dialog title={shown?.path ?? ''} open={shown !== undefined} onClose={() => onAt(null)} wide>
      {shown && (
        <div onKeyDown={onKey} className="flex flex-col gap-3" data-testid="image-dialog">
          <div className="flex min-h-40 items-center justify-center bg-surround p-2">
            <img
              key={shown.image}
              src={blobUrl(shown.image)}
              alt={`${shown.path}, ${shown.width} by ${shown.height} pixels`}
              width={shown.width}
              height={shown.height}
              className="h-auto max-h-[64dvh] w-auto max-w-full object-contain"
              style={{
                imageRendering: shown.width <= 128 ? 'pixelated' : undefined,
                minWidth: Math.min(192, shown.width * 4),
              }}
            />
          </div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <span className="tabular">{formatSize(shown)} px</span>
            <span className="flex min-w-0 items-center gap-1 text-muted">
              SHA-256
              <span className="truncate font-mono text-xs" title={shown.image}>
                {shown.image.slice(0, 12)}…
              </span>
              <CopyButton text={shown.image} name="Copy the SHA-256" />
            </span>
            {images.length > 1 && (
              <span className="ml-auto flex items-center gap-2">
                <span className="tabular text-muted">
                  {at! + 1} of {images.length}
                </span>
                <Button onClick={() => step(-1)} disabled={at === 0} aria-label="Previous image">
                  <ChevronLeft size={16} aria-hidden />
                </Button>
                <Button onClick={() => step(1)} disabled={at === images.length - 1} aria-label="Next image">
                  <ChevronRight size={16} aria-hidden />
                </Button>
              </span>
            )}
          </div>
        </div>
      )}
    </Dialog>
  );
}
