import { Random } from './random.ts';
import type { Block, Scene, Shape } from './scene.ts';

/** Steps of every degradation, each worse than the one before. */
export const severities = [1, 2, 3, 4, 5] as const;
type Step = (typeof severities)[number];
type Ladder = readonly [number, number, number, number, number];
type Degrade = (scene: Scene, step: Step, random: Random) => Scene;

/** The same choices at every step, so that a worse step has the faults of the milder ones and more. */
export const degradations: Record<string, Degrade> = {
  shift: (scene, step) => {
    const distance = at([2, 5, 12, 28, 60], step);
    const [x, y] = scene.seed % 2 === 0 ? [distance * 0.6, distance] : [distance, distance * 0.5];
    return { ...scene, move: { ...scene.move, x, y } };
  },
  scale: (scene, step) => ({ ...scene, move: { ...scene.move, scale: at([0.985, 0.96, 0.9, 0.8, 0.6], step) } }),
  hue: (scene, step) =>
    everyShape(scene, (shape) => ({ ...shape, color: turnHue(shape.color, at([8, 25, 60, 110, 180], step)) })),
  recolor: (scene, step, random) =>
    someElements(scene, at([0.06, 0.15, 0.35, 0.6, 1], step), random, (shape) => ({
      ...shape,
      color: isGray(shape.color) ? '#c0392b' : turnHue(shape.color, 150),
    })),
  missing: (scene, step, random) => someElements(scene, at([0.04, 0.12, 0.25, 0.5, 0.85], step), random, () => null),
  text: (scene, step, random) =>
    someShapes(scene, (shape) => shape.kind === 'text', at([0.08, 0.2, 0.4, 0.7, 1], step), random, otherLetters),
  fontSize: (scene, step) => ({ ...scene, fontScale: at([1.03, 1.08, 1.18, 1.35, 1.7], step) }),
  stroke: (scene, step) => ({ ...scene, strokeScale: at([1.2, 1.5, 2, 3, 5], step) }),
  geometry: (scene, step, random) => {
    const amount = at([0.01, 0.03, 0.07, 0.15, 0.3], step);
    return everyBlockShape(scene, (shape, block) => (shape.element ? misplaced(shape, block, amount, random) : shape));
  },
  layout: (scene, step) => ({ ...scene, blocks: squeezed(swapped(scene.blocks, step), step) }),
  background: (scene, step) => ({
    ...scene,
    background: ['#f4f6ff', '#e3e9f5', '#b8c4dd', '#5b6b8c', '#111827'][step - 1]!,
  }),
};

export function degraded(scene: Scene, name: string, step: Step): Scene {
  const seed = scene.seed * 31 + name.length * 7 + name.charCodeAt(0);
  return degradations[name]!(scene, step, new Random(seed));
}

const at = (ladder: Ladder, step: Step): number => ladder[step - 1]!;

function everyBlockShape(scene: Scene, change: (shape: Shape, block: Block) => Shape): Scene {
  return {
    ...scene,
    blocks: scene.blocks.map((block) => ({ ...block, shapes: block.shapes.map((shape) => change(shape, block)) })),
  };
}

const everyShape = (scene: Scene, change: (shape: Shape) => Shape): Scene => everyBlockShape(scene, change);

/** Changes a share of the shapes that qualify, at least one; null takes a shape away. */
function someShapes(
  scene: Scene,
  qualifies: (shape: Shape) => boolean,
  share: number,
  random: Random,
  change: (shape: Shape, random: Random) => Shape | null,
): Scene {
  const candidates = scene.blocks.flatMap(({ shapes }) => shapes.filter(qualifies));
  const chosen = random.shuffled(candidates).slice(0, Math.max(1, Math.round(candidates.length * share)));
  const changed = new Map(chosen.map((shape) => [shape, change(shape, random)]));
  const blocks = scene.blocks.map((block) => ({
    ...block,
    shapes: block.shapes.flatMap((shape) => {
      const replacement = changed.has(shape) ? changed.get(shape)! : shape;
      return replacement ? [replacement] : [];
    }),
  }));
  return { ...scene, blocks };
}

const someElements = (scene: Scene, share: number, random: Random, change: (shape: Shape) => Shape | null): Scene =>
  someShapes(scene, (shape) => shape.element, share, random, change);

/** As long as before, every letter and digit another. */
function otherLetters(shape: Shape, random: Random): Shape {
  if (shape.kind !== 'text') return shape;
  const words = shape.words
    .replace(/[a-z]/gi, () => random.pick([...'abcdefghijklmnopqrstuvwxyz']))
    .replace(/\d/g, () => String(random.whole(0, 9)));
  return { ...shape, words };
}

/** Wrong values: a bar of another height, a point elsewhere. */
function misplaced(shape: Shape, block: Block, amount: number, random: Random): Shape {
  const away = (length: number): number => random.normal() * amount * length;
  switch (shape.kind) {
    case 'rectangle': {
      const lost = shape.height * Math.min(0.9, Math.abs(random.normal() * amount * 2));
      const [x, y] = [shape.x + away(block.width) * 0.6, shape.y + away(block.height) * 0.6 + lost];
      return { ...shape, x, y, height: shape.height - lost };
    }
    case 'line':
      return { ...shape, points: shape.points.map(({ x, y }) => ({ x, y: y + away(block.height) * 0.5 })) };
    case 'slice':
      return { ...shape, from: shape.from + away(Math.PI), to: shape.to + away(Math.PI) };
    default:
      return { ...shape, x: shape.x + away(block.width) * 0.6, y: shape.y + away(block.height) * 0.6 };
  }
}

function swapped(blocks: readonly Block[], step: Step): Block[] {
  const pairs = Math.min(Math.floor(blocks.length / 2), at([0, 0, 1, 2, 9], step));
  const swappedBlocks = blocks.map((block) => ({ ...block }));
  for (let pair = 0; pair < pairs; pair++) {
    const [a, b] = [swappedBlocks[2 * pair]!, swappedBlocks[2 * pair + 1]!];
    [a.x, b.x, a.y, b.y] = [b.x, a.x, b.y, a.y];
  }
  return swappedBlocks;
}

function squeezed(blocks: readonly Block[], step: Step): Block[] {
  const amount = at([0.04, 0.1, 0.14, 0.2, 0.32], step);
  return blocks.map((block) => ({ ...block, scale: { x: 1 - amount, y: 1 - amount / 2 } }));
}

const isGray = (color: string): boolean => {
  const [red, green, blue] = channels(color);
  return Math.max(red, green, blue) - Math.min(red, green, blue) < 0.05;
};

function channels(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Turns a color around the gray axis of RGB: grays stay. */
function turnHue(color: string, degrees: number): string {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const same = cos + (1 - cos) / 3;
  const next = (1 - cos) / 3 - Math.sqrt(1 / 3) * sin;
  const last = (1 - cos) / 3 + Math.sqrt(1 / 3) * sin;
  const [red, green, blue] = channels(color);
  const turned = [
    same * red + next * green + last * blue,
    last * red + same * green + next * blue,
    next * red + last * green + same * blue,
  ];
  const byte = (value: number): string =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${turned.map(byte).join('')}`;
}
