'use client';

import type { Box, Size } from '@pentimento/contracts';
import clsx from 'clsx';
import { useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { formatSize } from '../../ui/format.ts';
import { DifferenceLayer } from './DifferenceLayer.tsx';
import {
  boxBetween,
  frameOf,
  modes,
  parseSide,
  sameSize,
  scoreAt,
  writeSide,
  type CompareState,
  type SideImage,
} from './model.ts';
import { Pane, PaneLabel, ImageLayer, PixelGrid } from './Pane.tsx';
import { PixelReadout } from './PixelReadout.tsx';
import type { Difference } from './pixels.ts';
import {
  GridLayer,
  MapLayer,
  NamedRegionLayer,
  RegionLayer,
  ScaleLegend,
  tileAt,
  TileLayer,
  type NamedRegion,
} from './ScoreOverlay.tsx';
import { useFlip } from './useFlip.ts';
import { useGestures } from './useGestures.ts';
import { useStage } from './useStage.ts';
import { GainSelect, ModeBar, SideSelect, ViewerSlider, ZoomBar, type SideOption } from './ViewerControls.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { actualSize, canPan, fit, imagePoint, panBy, zoomStep, zoomTo, type Point, type Viewport } from './viewport.ts';

export interface ViewerHandle {
  zoomTo: (box: Box) => void;
}

interface Props {
  left: SideImage;
  right: SideImage;
  target: Size;
  sides: readonly SideOption[];
  state: CompareState;
  onChange: (change: Partial<CompareState>) => void;
  /** Null: the whole image fits. */
  view: Viewport | null;
  onView: (view: Viewport | null) => void;
  /** The selected region, and the worst ones to mark. */
  selected: Box | null;
  worst: readonly Box[];
  /** Regions that are shown with their names. */
  named: readonly NamedRegion[];
  /** A region that is being marked, and what a drag marks; null where a drag pans. */
  marked: Box | null;
  onMark: ((box: Box) => void) | null;
  ref: Ref<ViewerHandle>;
}

/** Two images under one zoom and pan, in six ways. */
export function CompareViewer({
  left,
  right,
  target,
  sides,
  state,
  onChange,
  view: wanted,
  onView,
  selected,
  worst,
  named,
  marked,
  onMark,
  ref,
}: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const frame = frameOf(frameOf(left.size, right.size), target);
  const { pane, stacked } = useStage(stage, state.mode === 'side' ? 2 : 1, frame);
  const view = wanted ?? fit(frame, pane);
  const flip = useFlip(state.mode === 'flip' || state.mode === 'side');
  const [swipe, setSwipe] = useState(50);
  const [onion, setOnion] = useState(50);
  const [opacity, setOpacity] = useState(50);
  const [hover, setHover] = useState<Point | null>(null);
  const [measure, setMeasure] = useState<Pick<Difference, 'changed' | 'mean'> | null>(null);
  const [pointed, setPointed] = useState(0);
  const scored = (right.candidate ?? left.candidate)?.reward ?? null;

  useImperativeHandle(ref, () => ({ zoomTo: (box) => onView(zoomTo(box, pane)) }), [onView, pane]);
  useKeys('trajectory', {
    ...Object.fromEntries(modes.map((mode) => [mode, () => onChange({ mode })])),
    'zoom-in': () => onView(zoomStep(view, 1)),
    'zoom-out': () => onView(zoomStep(view, -1)),
    fit: () => onView(null),
    actual: () => onView(actualSize(view)),
    overlay: () => onChange({ grid: !state.grid }),
    'point-out': () => setPointed((times) => times + 1),
  });
  const swipeX = (swipe / 100) * pane.width;
  useGestures(stage, {
    view,
    frame,
    pane,
    onView,
    onHover: setHover,
    onClick: (point) => {
      if (state.mode === 'flip') flip.toggle();
      if (state.mode !== 'tiles') return;
      const tile = scored && tileAt(scored.tiles, imagePoint(view, pane, point));
      if (tile) onView(zoomTo(tile.box, pane));
    },
    grab: (point) => {
      if (onMark) {
        const from = imagePoint(view, pane, point);
        return (to) => onMark(boxBetween(from, imagePoint(view, pane, to), target));
      }
      if (state.mode !== 'swipe' || Math.abs(point.x - swipeX) > 14) return null;
      return ({ x }) => setSwipe(Math.round(Math.min(100, Math.max(0, (x / pane.width) * 100))));
    },
  });
  const panWithArrows = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (!step || !event.shiftKey) return;
    event.preventDefault();
    onView(panBy(view, frame, { x: step[0]!, y: step[1]! }));
  };

  const placed = { view, pane };
  const over = (
    <>
      <PixelGrid {...placed} frame={frame} />
      {state.grid && scored && state.mode !== 'tiles' && <GridLayer {...placed} tiles={scored.tiles} />}
      <NamedRegionLayer {...placed} regions={named} />
      {selected && <RegionLayer {...placed} boxes={[selected]} />}
      {marked && <RegionLayer {...placed} boxes={[marked]} />}
      {pointed > 0 && <RegionLayer key={pointed} {...placed} boxes={worst} pulse />}
    </>
  );
  const sizesDiffer = !sameSize(left.size, right.size) && left.image !== null && right.image !== null;
  const cellScore =
    state.layer === 'map' && scored?.map && hover
      ? scoreAt(scored.map, target, imagePoint(view, pane, hover))
      : undefined;
  const [shownLeft, shownRight] = flip.flipped && state.mode === 'side' ? [right, left] : [left, right];

  return (
    <section
      aria-label="Compare"
      className="flex min-h-0 min-w-0 flex-1 flex-col"
      data-testid="viewer"
      data-mode={state.mode}
    >
      <div className="flex min-h-9 shrink-0 items-center justify-between gap-2 border-b px-2">
        <SideHead
          name="First image"
          side={writeSide(state.left)}
          image={left}
          sides={sides}
          onSelect={(value) => onChange({ left: parseSide(value, 'target') })}
        />
        <SideHead
          end
          name="Second image"
          side={writeSide(state.right)}
          image={right}
          sides={sides}
          onSelect={(value) => onChange({ right: parseSide(value, 'selected') })}
        />
      </div>
      <div
        ref={stage}
        role="group"
        aria-label="Images. Shift and arrows pan."
        tabIndex={0}
        onKeyDown={panWithArrows}
        data-testid="stage"
        data-scale={view.scale}
        className={clsx('relative flex min-h-0 flex-1 gap-px bg-surround outline-offset-[-2px]', stacked && 'flex-col')}
        style={{
          touchAction: onMark || canPan(view, frame, pane) ? 'none' : 'pan-y',
          cursor: cursorOf(state, onMark !== null),
        }}
      >
        {state.mode === 'side' && (
          <>
            <Pane name="left">
              <ImageLayer {...placed} image={shownLeft} />
              {over}
              {stacked && <PaneLabel className="left-2">{shownLeft.label}</PaneLabel>}
            </Pane>
            <div className={clsx('bg-line', stacked ? '-my-px h-px' : '-mx-px w-px')} />
            <Pane name="right">
              <ImageLayer {...placed} image={shownRight} />
              {over}
              {stacked && <PaneLabel className="left-2">{shownRight.label}</PaneLabel>}
            </Pane>
          </>
        )}
        {state.mode === 'swipe' && (
          <Pane name="both">
            <ImageLayer {...placed} image={left} />
            <div className="absolute inset-0 bg-surround" style={{ clipPath: `inset(0 0 0 ${swipeX}px)` }} />
            <ImageLayer {...placed} image={right} clipLeft={swipeX} />
            {over}
            <div
              className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-px bg-accent"
              style={{ left: swipeX }}
            >
              <span className="absolute top-1/2 left-1/2 size-5 -translate-1/2 rounded-full border-2 border-accent bg-panel" />
            </div>
          </Pane>
        )}
        {state.mode === 'flip' && (
          <Pane name="both">
            <ImageLayer {...placed} image={left} hidden={!flip.flipped} />
            <ImageLayer {...placed} image={right} hidden={flip.flipped} />
            {over}
            <PaneLabel className="left-2">{flip.flipped ? left.label : right.label}</PaneLabel>
          </Pane>
        )}
        {state.mode === 'onion' && (
          <Pane name="both">
            <ImageLayer {...placed} image={left} />
            <ImageLayer {...placed} image={right} opacity={onion / 100} />
            {over}
          </Pane>
        )}
        {state.mode === 'difference' && (
          <Pane name="both">
            {left.image && right.image ? (
              <DifferenceLayer
                {...placed}
                left={left.image}
                right={right.image}
                frame={frameOf(left.size, right.size)}
                gain={state.gain}
                alt={`Difference of ${left.label} and ${right.label}`}
                onMeasure={setMeasure}
              />
            ) : (
              <ImageLayer {...placed} image={left.image ? right : left} />
            )}
            {over}
          </Pane>
        )}
        {state.mode === 'tiles' && (
          <Pane name="both">
            <ImageLayer {...placed} image={right.candidate || !left.candidate ? right : left} />
            {scored && state.layer === 'tiles' && (
              <TileLayer {...placed} tiles={scored.tiles} opacity={opacity / 100} />
            )}
            {scored?.map && state.layer === 'map' && (
              <MapLayer {...placed} map={scored.map} target={target} opacity={opacity / 100} />
            )}
            {!scored && (
              <PaneLabel className="left-2">Only an iteration has tile scores: choose one on a side.</PaneLabel>
            )}
            {over}
          </Pane>
        )}
      </div>
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-t px-2 py-1 max-md:gap-x-0.5">
        <ModeBar state={state} onChange={onChange} />
        <ZoomBar
          scale={view.scale}
          onIn={() => onView(zoomStep(view, 1))}
          onOut={() => onView(zoomStep(view, -1))}
          onFit={() => onView(null)}
          onActual={() => onView(actualSize(view))}
        />
      </div>
      <div
        className={clsx(
          'flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-t px-2 py-1 text-xs text-muted',
          state.mode === 'side' && !sizesDiffer && 'max-md:hidden',
        )}
      >
        {state.mode === 'side' && (
          <span className="truncate max-md:hidden">Wheel pans, Ctrl and wheel zooms, X flips the two</span>
        )}
        {state.mode === 'swipe' && <ViewerSlider name="Swipe position" value={swipe} onValue={setSwipe} />}
        {state.mode === 'onion' && (
          <ViewerSlider name={`${right.label} over ${left.label}`} value={onion} onValue={setOnion} />
        )}
        {state.mode === 'flip' && (
          <button
            type="button"
            onClick={flip.toggle}
            className="h-7 rounded px-1 underline underline-offset-2 hover:text-ink"
          >
            Flip to {flip.flipped ? right.label : left.label}
          </button>
        )}
        {state.mode === 'difference' && (
          <>
            <GainSelect gain={state.gain} onSelect={(gain) => onChange({ gain })} />
            {measure && (
              <span className="tabular" data-testid="measure">
                {(measure.changed * 100).toFixed(1)} % of pixels differ · mean {measure.mean.toFixed(1)} of 255
              </span>
            )}
          </>
        )}
        {state.mode === 'tiles' && (
          <>
            <Segmented
              name="Score layer"
              selected={state.layer}
              onSelect={(layer) => onChange({ layer })}
              options={[
                { id: 'tiles', label: 'Tiles', hint: 'The 448 px crops that the encoder sees' },
                { id: 'map', label: 'Fine map', hint: 'Scores below tile size' },
              ]}
            />
            <ViewerSlider name="Overlay" value={opacity} onValue={setOpacity} />
            <ScaleLegend at={cellScore} />
          </>
        )}
        {sizesDiffer && (
          <span className="text-ink" data-testid="size-note">
            Sizes differ ({formatSize(left.size)} and {formatSize(right.size)}): padded, not stretched.
          </span>
        )}
        <PixelReadout left={left} right={right} point={hover && imagePoint(view, pane, hover)} />
      </div>
    </section>
  );
}

const cursorOf = ({ mode }: CompareState, marks: boolean): string =>
  marks ? 'crosshair' : mode === 'flip' ? 'pointer' : 'grab';

function SideHead({
  name,
  side,
  image,
  sides,
  onSelect,
  end,
}: {
  name: string;
  side: string;
  image: SideImage;
  sides: readonly SideOption[];
  onSelect: (value: string) => void;
  end?: boolean;
}) {
  return (
    <div className={clsx('flex min-w-0 items-center gap-2', end && 'justify-end')}>
      <SideSelect name={name} value={side} options={sides} onSelect={onSelect} />
      {image.image && (
        <span className="tabular truncate text-xs text-muted max-lg:hidden">{formatSize(image.size)}</span>
      )}
    </div>
  );
}
