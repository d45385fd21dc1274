import type { Box, Size } from '@pentimento/contracts';
import { pathData, type Layer } from '../tracing/shapes.ts';
import { readGroups, short } from './groups-in-code.ts';
import type { Opening, Writer } from './writer.ts';

const openingLine = /^<g data-patch="(\d+),(\d+),(\d+),(\d+)" data-detail="(\d+)"[^>\n]*>$/gm;

export const svg: Writer = {
  document: (size, layers) => svgElement(size, layers),
  layer: svgLayer,
  groups: (code) => readGroups(code, openingLine, '</g>'),
  opening: openingOf,
};

/** The `svg` element of the target's size around layers. */
export function svgElement({ width, height }: Size, layers: readonly string[], attributes = ''): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${attributes}>`;
  return [head, ...layers, '</svg>'].join('\n');
}

export function svgLayer({ box, detail, width, height, shapes }: Layer, size: Size, frame: Box): string {
  const [unitX, unitY] = [frame.width / size.width, frame.height / size.height];
  const move = `translate(${short(frame.x + box.x * unitX)} ${short(frame.y + box.y * unitY)})`;
  const scale = `scale(${short((box.width * unitX) / width)} ${short((box.height * unitY) / height)})`;
  const patch = `${box.x},${box.y},${box.width},${box.height}`;
  return [
    `<g data-patch="${patch}" data-detail="${detail}" transform="${move} ${scale}">`,
    ...shapes.map((shape) => `<path fill="${shape.fill}" d="${pathData(shape)}"/>`),
    '</g>',
  ].join('\n');
}

function openingOf(code: string, size: Size): Opening | undefined {
  const at = code.lastIndexOf('</svg>');
  const start = code.search(/<svg\b/i);
  const end = start < 0 ? -1 : code.indexOf('>', start);
  if (at < 0 || end < 0) return undefined;
  const root = code.slice(start, end + 1);
  return { at, length: '</svg>'.length, frame: frameOf(root, size), wrap: (layers) => `${layers}\n` };
}

/** The region of user space that the root shows: its viewBox, or its size in pixels, or the target's own. */
function frameOf(root: string, size: Size): Box {
  const [x, y, width, height] = (attributeOf(root, 'viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  if (width! > 0 && height! > 0 && Number.isFinite(x! + y!)) return { x: x!, y: y!, width: width!, height: height! };
  return {
    x: 0,
    y: 0,
    width: pixels(attributeOf(root, 'width')) ?? size.width,
    height: pixels(attributeOf(root, 'height')) ?? size.height,
  };
}

function attributeOf(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1];
}

function pixels(length: string | undefined): number | undefined {
  const value = /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(length ?? '')?.[1];
  return value && Number(value) > 0 ? Number(value) : undefined;
}
