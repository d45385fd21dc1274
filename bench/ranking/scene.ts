/** An image as shapes in blocks, so that a degradation is a change of its code and not of its pixels. */
export interface Scene {
  seed: number;
  width: number;
  height: number;
  background: string;
  blocks: Block[];
  /** Move and scale of the whole scene. */
  move: { x: number; y: number; scale: number };
  fontScale: number;
  strokeScale: number;
}

export interface Block {
  x: number;
  y: number;
  width: number;
  height: number;
  scale: { x: number; y: number };
  shapes: Shape[];
}

/** Coordinates are of the block. `element`: content that a degradation may take away, recolor or misplace. */
export type Shape = { color: string; element: boolean } & (
  | { kind: 'rectangle'; x: number; y: number; width: number; height: number; radius: number; stroke: string | null }
  | { kind: 'circle'; x: number; y: number; radius: number }
  | { kind: 'line'; points: { x: number; y: number }[]; stroke: number }
  | { kind: 'slice'; x: number; y: number; radius: number; from: number; to: number }
  | { kind: 'text'; x: number; y: number; words: string; size: number }
);

export function svgOf(scene: Scene): string {
  const { width, height, move } = scene;
  const blocks = scene.blocks.map(
    ({ x, y, scale, shapes }) =>
      `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.x.toFixed(4)} ${scale.y.toFixed(4)})">` +
      `${shapes.map((shape) => elementOf(shape, scene)).join('\n')}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${scene.background}"/>`,
    `<g transform="translate(${move.x} ${move.y}) scale(${move.scale})">`,
    ...blocks,
    '</g></svg>',
  ].join('\n');
}

/** What the scene shows in words, in drawing order. */
export const textOf = (scene: Scene): string =>
  scene.blocks
    .flatMap(({ shapes }) => shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.words] : [])))
    .join('\n');

function elementOf(shape: Shape, { fontScale, strokeScale }: Scene): string {
  const n = (value: number): string => value.toFixed(2);
  switch (shape.kind) {
    case 'rectangle':
      return `<rect x="${n(shape.x)}" y="${n(shape.y)}" width="${n(shape.width)}" height="${n(Math.max(0, shape.height))}" rx="${n(shape.radius)}" fill="${shape.color}" stroke="${shape.stroke ?? 'none'}"/>`;
    case 'circle':
      return `<circle cx="${n(shape.x)}" cy="${n(shape.y)}" r="${n(shape.radius * (1 + (strokeScale - 1) * 0.1))}" fill="${shape.color}"/>`;
    case 'line':
      return `<polyline points="${shape.points.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ')}" fill="none" stroke="${shape.color}" stroke-width="${n(shape.stroke * strokeScale)}"/>`;
    case 'slice': {
      const { x, y, radius, from, to } = shape;
      const [startX, startY] = [x + radius * Math.cos(from), y + radius * Math.sin(from)];
      const [endX, endY] = [x + radius * Math.cos(to), y + radius * Math.sin(to)];
      return `<path d="M${n(x)} ${n(y)} L${n(startX)} ${n(startY)} A${n(radius)} ${n(radius)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${n(endX)} ${n(endY)} Z" fill="${shape.color}"/>`;
    }
    case 'text':
      return `<text x="${n(shape.x)}" y="${n(shape.y)}" font-size="${n(shape.size * fontScale)}" font-family="DejaVu Sans" fill="${shape.color}">${shape.words}</text>`;
  }
}
