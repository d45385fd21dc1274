'use client';

import clsx from 'clsx';
import { ImageUp, TriangleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { formatBytes, formatSize } from '../../ui/format.ts';
import { FieldError } from '../../ui/fields.tsx';

/** The image to submit, as shown before it is sent. */
export interface Chosen {
  name: string;
  url: string;
  bytes: number | null;
  width: number;
  height: number;
  /** What makes an example hard. */
  remark: string | null;
  warnings: string[];
}

/** The area to drop, paste or pick an image, which then shows it. */
export function DropZone({
  chosen,
  error,
  onFile,
}: {
  chosen: Chosen | null;
  error: string | undefined;
  onFile: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const hint = useId();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = [...(event.clipboardData?.files ?? [])].find((item) => item.type.startsWith('image/'));
      if (!file) return;
      event.preventDefault();
      onFile(file);
    };
    // A file dropped outside the zone counts too: the browser would open it and leave the page.
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      setOver(false);
      if (!file) return;
      event.preventDefault();
      onFile(file);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('paste', paste, { signal });
    window.addEventListener('dragover', drag, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, [onFile]);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div
        data-testid="drop-zone"
        className={clsx(
          'relative flex h-[clamp(240px,52dvh,640px)] flex-col items-center justify-center gap-3 overflow-hidden rounded border-2 bg-surround p-4',
          chosen ? 'border-transparent' : 'border-dashed border-edge',
          over && 'border-accent!',
        )}
      >
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          aria-label="Target image"
          aria-describedby={hint}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) onFile(file);
          }}
        />
        {chosen ? (
          <img
            src={chosen.url}
            alt={`Target ${chosen.name}, ${chosen.width} by ${chosen.height} pixels`}
            className="checker max-h-full max-w-full object-contain"
            style={{
              imageRendering: chosen.width <= 128 ? 'pixelated' : undefined,
              minWidth: Math.min(192, chosen.width * 4),
            }}
          />
        ) : (
          <>
            <ImageUp size={28} aria-hidden className="text-muted" />
            <p className="text-lg">Drop, paste or pick an image</p>
            <p id={hint} className="text-sm text-muted">
              PNG, JPEG or WebP, up to 20 MB
            </p>
            <Button onClick={() => input.current?.click()}>Pick a file</Button>
          </>
        )}
      </div>
      {chosen && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 truncate font-medium" title={chosen.name}>
            {chosen.name}
          </span>
          <span className="tabular text-muted">
            {formatSize(chosen)} px{chosen.bytes !== null && `, ${formatBytes(chosen.bytes)}`}
          </span>
          <Button className="ml-auto h-7 px-2" onClick={() => input.current?.click()}>
            Replace
          </Button>
        </div>
      )}
      {chosen?.remark && <p className="text-sm text-muted">Hard: {chosen.remark}.</p>}
      {chosen?.warnings.map((warning) => (
        <p key={warning} className="flex items-center gap-1.5 text-sm text-muted">
          <TriangleAlert size={14} aria-hidden /> {warning}
        </p>
      ))}
      {error && <FieldError text={error} />}
    </div>
  );
}
