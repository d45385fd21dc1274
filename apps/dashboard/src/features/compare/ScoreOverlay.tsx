'use client';

import type { Box, ScoreMap, Size, TileScore } from '@pentimento/contracts';
import { useEffect, useRef } from 'react';
import { cividis, cividisColor, cividisGradient, inkOn } from '../../ui/cividis.ts';
import { formatScore } from '../../ui/format.ts';
import { visibleTiles, mapCells } from './model.ts';
import { Placed } from './Pane.tsx';
import { originOf, type Point, type Viewport } from './viewport.ts';

const numberFrom = 34;

/** Tile scores as colors and numbers, in screen pixels so that lines and digits keep their size. */
export function TileLayer({
  tiles,
  view,
  pane,
  opacity,
}: {
  tiles: readonly TileScore[];
  view: Viewport;
  pane: Size;
  opacity: number;
}) {
  return (
    <svg className="pointer-events-none absolute inset-0 size-full" data-testid="tile-layer">
      {visibleTiles(tiles).map((tile) => (
        <ScoredBox key={tile.index} box={tile.box} score={tile.score} view={view} pane={pane} opacity={opacity} />
      ))}
    </svg>
  );
}

/** The fine score map: one canvas pixel per cell, stretched over the target; numbers where cells are large enough. */
export function MapLayer({
  map,
  target,
  view,
  pane,
  opacity,
}: {
  map: ScoreMap;
  target: Size;
  view: Viewport;
  pane: Size;
  opacity: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(map.columns, map.rows);
    map.scores.forEach((score, index) => image.data.set([...cividis(score), 255], index * 4));
    context.putImageData(image, 0, 0);
  }, [map]);
  const cells =
    (target.width / map.columns) * view.scale >= numberFrom ? mapCells(map, target, windowOf(view, pane)) : [];
  return (
    <>
      <Placed view={view} pane={pane} size={target} style={{ opacity }}>
        <canvas
          ref={canvas}
          width={map.columns}
          height={map.rows}
          className="size-full"
          style={{ imageRendering: 'pixelated' }}
          data-testid="map-layer"
        />
      </Placed>
      <svg className="pointer-events-none absolute inset-0 size-full">
        {cells.map((cell, index) => (
          <Digits key={index} box={cell} score={cell.score} view={view} pane={pane} />
        ))}
      </svg>
    </>
  );
}

/** Outlines of the tiles without color, in any mode. */
export function GridLayer({ tiles, view, pane }: { tiles: readonly TileScore[]; view: Viewport; pane: Size }) {
  return (
    <svg className="pointer-events-none absolute inset-0 size-full">
      {visibleTiles(tiles).map((tile) => (
        <g key={tile.index}>
          <rect {...onScreen(tile.box, view, pane)} fill="none" stroke="#000" strokeOpacity={0.5} strokeWidth={3} />
          <rect {...onScreen(tile.box, view, pane)} fill="none" stroke="#fff" strokeWidth={1} />
        </g>
      ))}
    </svg>
  );
}

/** A region in the accent: selected, or pointed out. */
export function RegionLayer({
  boxes,
  view,
  pane,
  pulse,
}: {
  boxes: readonly Box[];
  view: Viewport;
  pane: Size;
  pulse?: boolean;
}) {
  return boxes.map((box) => {
    const rect = visible(onScreen(box, view, pane));
    return (
      <div
        key={`${box.x},${box.y},${box.width},${box.height}`}
        data-testid="region"
        className={`pointer-events-none absolute outline-2 outline-accent ${pulse ? 'point-out' : ''}`}
        style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height, outlineStyle: 'solid' }}
      />
    );
  });
}

export interface NamedRegion {
  id: string;
  name: string;
  box: Box;
}

/** Regions with their names, dashed, in any mode. */
export function NamedRegionLayer({
  regions,
  view,
  pane,
}: {
  regions: readonly NamedRegion[];
  view: Viewport;
  pane: Size;
}) {
  return regions.map(({ id, name, box }) => {
    const rect = visible(onScreen(box, view, pane));
    return (
      <div
        key={id}
        data-testid="named-region"
        className="pointer-events-none absolute outline-2 outline-accent outline-dashed"
        style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      >
        <span className="absolute bottom-full left-0 mb-0.5 max-w-48 truncate rounded bg-panel px-1 text-xs whitespace-nowrap">
          {name}
        </span>
      </div>
    );
  });
}

const minSide = 12;

/** Widened around its middle, so that the outline of a few pixels stays visible. */
function visible({ x, y, width, height }: Box): Box {
  const [across, down] = [Math.max(width, minSide), Math.max(height, minSide)];
  return { x: x - (across - width) / 2, y: y - (down - height) / 2, width: across, height: down };
}

/** The scale of scores, 0 to 1, with the score under the pointer marked. */
export function ScaleLegend({ at }: { at: number | undefined }) {
  return (
    <span
      className="flex items-center gap-1.5 text-xs text-muted"
      role="img"
      aria-label="Scale of scores from 0, dark blue, to 1, yellow"
    >
      0
      <span className="relative h-2.5 w-24 rounded-sm" style={{ background: cividisGradient }}>
        {at !== undefined && (
          <span
            className="tabular absolute top-1/2 w-10 -translate-1/2 rounded-sm text-center font-mono outline outline-panel"
            style={{ left: `clamp(20px, ${at * 100}%, 76px)`, background: cividisColor(at), color: inkOn(at) }}
            data-testid="cell-score"
          >
            {formatScore(at)}
          </span>
        )}
      </span>
      1
    </span>
  );
}

export function tileAt(tiles: readonly TileScore[], point: Point): TileScore | undefined {
  return visibleTiles(tiles).find(
    ({ box }) => point.x >= box.x && point.y >= box.y && point.x < box.x + box.width && point.y < box.y + box.height,
  );
}

function ScoredBox({
  box,
  score,
  view,
  pane,
  opacity,
}: {
  box: Box;
  score: number;
  view: Viewport;
  pane: Size;
  opacity: number;
}) {
  const rect = onScreen(box, view, pane);
  return (
    <g>
      <rect {...rect} fill={cividisColor(score)} fillOpacity={opacity} stroke="#808080" />
      {rect.width >= numberFrom && <Digits box={box} score={score} view={view} pane={pane} />}
    </g>
  );
}

/** The number on a background of the score's color, so that it is readable at any opacity. */
function Digits({ box, score, view, pane }: { box: Box; score: number; view: Viewport; pane: Size }) {
  const rect = onScreen(box, view, pane);
  const x = rect.x + rect.width / 2;
  const y = rect.y + rect.height / 2;
  return (
    <g>
      <rect x={x - 17} y={y - 8} width={34} height={16} rx={3} fill={cividisColor(score)} />
      <text x={x} y={y + 4} textAnchor="middle" fontSize={12} className="tabular font-mono" fill={inkOn(score)}>
        {formatScore(score).replace(/^0/, '')}
      </text>
    </g>
  );
}

/** What the pane shows, in target pixels. */
function windowOf(view: Viewport, pane: Size): Box {
  const origin = originOf(view, pane);
  return {
    x: -origin.x / view.scale,
    y: -origin.y / view.scale,
    width: pane.width / view.scale,
    height: pane.height / view.scale,
  };
}

function onScreen(box: Box, view: Viewport, pane: Size): Box {
  const origin = originOf(view, pane);
  return {
    x: origin.x + box.x * view.scale,
    y: origin.y + box.y * view.scale,
    width: box.width * view.scale,
    height: box.height * view.scale,
  };
}
