'use client';

import type { Size } from '@pentimento/contracts';
import clsx from 'clsx';
import { useRef, type CSSProperties, type ReactNode } from 'react';
import { blobUrl } from '../../api/client.ts';
import type { SideImage } from './model.ts';
import { useDecoded } from './useDecoded.ts';
import { gridFrom, originOf, pixelatedFrom, type Viewport } from './viewport.ts';

/** One view of the images. Everything in it shares the viewport. */
export function Pane({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div data-pane={name} data-testid={`pane-${name}`} className="relative min-h-0 min-w-0 flex-1 overflow-hidden">
      {children}
    </div>
  );
}

/** Children in image pixels, placed by the viewport. */
export function Placed({
  view,
  pane,
  size,
  children,
  style,
}: {
  view: Viewport;
  pane: Size;
  size: Size;
  children: ReactNode;
  style?: CSSProperties;
}) {
  const origin = originOf(view, pane);
  return (
    <div
      className="absolute top-0 left-0 origin-top-left"
      style={{
        width: size.width,
        height: size.height,
        transform: `translate(${origin.x}px, ${origin.y}px) scale(${view.scale})`,
        ...style,
      }}
    >
      {children}
    </div>
  );
}

/** An image, or the sentence that says why there is none. `clip` and `opacity` are for swipe and onion. */
export function ImageLayer({
  image,
  view,
  pane,
  hidden,
  clipLeft,
  opacity,
}: {
  image: SideImage;
  view: Viewport;
  pane: Size;
  hidden?: boolean;
  clipLeft?: number;
  opacity?: number;
}) {
  const wanted = useRef({ url: null as string | null, image });
  const url = image.image && blobUrl(image.image);
  if (wanted.current.url !== url || wanted.current.image !== image) wanted.current = { url, image };
  const { shown, failed } = useDecoded(wanted.current);
  const visible = shown?.image;
  const layer: CSSProperties = {
    clipPath: clipLeft === undefined ? undefined : `inset(0 0 0 ${clipLeft}px)`,
    opacity,
    visibility: hidden ? 'hidden' : undefined,
  };
  return (
    <div className="pointer-events-none absolute inset-0" style={layer} aria-busy={shown?.url !== url && !failed}>
      {visible?.image && (
        <Placed view={view} pane={pane} size={visible.size}>
          <img
            src={blobUrl(visible.image)}
            alt={visible.alt}
            width={visible.size.width}
            height={visible.size.height}
            draggable={false}
            className="max-w-none select-none"
            style={{
              width: visible.size.width,
              height: visible.size.height,
              imageRendering: view.scale >= pixelatedFrom ? 'pixelated' : undefined,
            }}
          />
        </Placed>
      )}
      {(failed || (visible && !visible.image)) && (
        <Placed view={view} pane={pane} size={image.size}>
          <div className="size-full bg-panel opacity-60" />
        </Placed>
      )}
      {(failed || (visible && !visible.image)) && (
        <p className="absolute inset-0 m-auto h-fit w-fit max-w-[320px] rounded border bg-panel p-3 text-center">
          {failed ? 'The image could not be loaded.' : image.missing}
        </p>
      )}
    </div>
  );
}

/** Lines between the pixels, where they are large enough to tell apart. */
export function PixelGrid({ view, pane, frame }: { view: Viewport; pane: Size; frame: Size }) {
  if (view.scale < gridFrom) return null;
  const origin = originOf(view, pane);
  return (
    <div
      className="pointer-events-none absolute top-0 left-0"
      style={{
        width: frame.width * view.scale,
        height: frame.height * view.scale,
        transform: `translate(${origin.x}px, ${origin.y}px)`,
        backgroundSize: `${view.scale}px ${view.scale}px`,
        backgroundImage:
          'linear-gradient(to right, rgb(128 128 128 / 0.35) 1px, transparent 1px), linear-gradient(to bottom, rgb(128 128 128 / 0.35) 1px, transparent 1px)',
      }}
    />
  );
}

export function PaneLabel({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span className={clsx('pointer-events-none absolute top-2 rounded-sm bg-panel px-2 py-0.5 text-xs', className)}>
      {children}
    </span>
  );
}
