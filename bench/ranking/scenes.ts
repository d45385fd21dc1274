import { Random } from './random.ts';
import type { Block, Scene, Shape } from './scene.ts';

const vocabulary = (
  'alpha beta revenue cost market north south east west total average median users sessions growth product order client ' +
  'server cache queue layer input output report annual quarter month week daily open close high low price volume speed ' +
  'power energy water carbon plan team design build test ship'
).split(' ');
const palettes = [
  ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd'],
  ['#264653', '#2a9d8f', '#e9c46a', '#f4a261', '#e76f51'],
  ['#3366cc', '#dc3912', '#ff9900', '#109618', '#990099'],
  ['#6d597a', '#b56576', '#e56b6f', '#eaac8b', '#355070'],
  ['#111827', '#6366f1', '#22c55e', '#f59e0b', '#ef4444'],
];
const sizes = [
  [448, 448],
  [512, 512],
  [600, 600],
  [800, 400],
  [900, 300],
  [640, 1280],
  [560, 600],
  [500, 480],
] as const;

interface Frame {
  random: Random;
  width: number;
  height: number;
  palette: readonly string[];
}

const phrase = (random: Random, words: number): string => {
  const text = Array.from({ length: words }, () => random.pick(vocabulary)).join(' ');
  return text[0]!.toUpperCase() + text.slice(1);
};
const text = (x: number, y: number, words: string, size: number, color = '#222222', element = false): Shape => ({
  kind: 'text',
  x,
  y,
  words,
  size,
  color,
  element,
});
const rectangle = (x: number, y: number, width: number, height: number, color: string, radius = 0): Shape => ({
  kind: 'rectangle',
  x,
  y,
  width,
  height,
  radius,
  color,
  stroke: null,
  element: true,
});
const circle = (x: number, y: number, radius: number, color: string): Shape => ({
  kind: 'circle',
  x,
  y,
  radius,
  color,
  element: true,
});
const line = (points: [number, number][], color: string, stroke: number, element = false): Shape => ({
  kind: 'line',
  points: points.map(([x, y]) => ({ x, y })),
  color,
  stroke,
  element,
});

const axes = ({ width: w, height: h }: Frame): Shape =>
  line(
    [
      [w * 0.1, h * 0.12],
      [w * 0.1, h * 0.88],
      [w * 0.95, h * 0.88],
    ],
    '#333333',
    1.5,
  );
const title = ({ random, width: w, height: h }: Frame): Shape => text(w * 0.1, h * 0.08, phrase(random, 3), h * 0.06);

function bars(frame: Frame): Shape[] {
  const { random, width: w, height: h, palette } = frame;
  const count = random.whole(4, 9);
  const step = (w * 0.8) / count;
  const columns = Array.from({ length: count }, (_, index): Shape[] => {
    const value = random.between(0.15, 0.95) * h * 0.7;
    const left = w * 0.12 + index * step;
    return [
      rectangle(left, h * 0.88 - value, step * 0.7, value, random.next() < 0.7 ? palette[0]! : palette[1]!),
      text(left, h * 0.95, random.pick(vocabulary).slice(0, 5), h * 0.035),
    ];
  });
  return [title(frame), ...columns.flat(), axes(frame)];
}

function lines(frame: Frame): Shape[] {
  const { random, width: w, height: h, palette } = frame;
  const grid = [1, 2, 3, 4].map((row) => {
    const y = h * (0.07 + 0.19 * row);
    return line(
      [
        [w * 0.1, y],
        [w * 0.95, y],
      ],
      '#dddddd',
      1,
    );
  });
  const series = Array.from({ length: random.whole(2, 4) }, (_, index): Shape[] => {
    let value = 0.5;
    const points = Array.from({ length: 30 }, (_, step): [number, number] => {
      value = Math.min(0.85, Math.max(0.15, value + random.normal() * 0.05));
      return [w * (0.1 + (0.85 * step) / 29), h * value];
    });
    const color = palette[index]!;
    return [
      line(points, color, 2.2, true),
      text(w * 0.78, h * (0.15 + 0.06 * index), `Series ${index}`, h * 0.04, color),
    ];
  });
  return [title(frame), ...grid, ...series.flat(), axes(frame)];
}

function scatter(frame: Frame): Shape[] {
  const { random, width: w, height: h, palette } = frame;
  const clusters = [0, 1, 2].flatMap((cluster) => {
    const [centerX, centerY] = [w * random.between(0.25, 0.8), h * random.between(0.25, 0.7)];
    return Array.from({ length: 18 }, () =>
      circle(
        Math.min(w * 0.94, Math.max(w * 0.11, centerX + random.normal() * w * 0.08)),
        Math.min(h * 0.86, Math.max(h * 0.13, centerY + random.normal() * h * 0.08)),
        h * 0.012,
        palette[cluster]!,
      ),
    );
  });
  return [title(frame), axes(frame), ...clusters];
}

function pie({ random, width: w, height: h, palette }: Frame): Shape[] {
  const shares = Array.from({ length: 5 }, () => random.between(0.2, 1.2));
  const total = shares.reduce((sum, share) => sum + share, 0);
  let from = 0;
  return shares.flatMap((share, index): Shape[] => {
    const to = from + (2 * Math.PI * share) / total;
    const radius = Math.min(w, h) * 0.4;
    const color = palette[index]!;
    const slice: Shape = { kind: 'slice', x: w / 2, y: h / 2, radius, from, to, color, element: true };
    from = to;
    return [slice, text(w * 0.02, h * (0.06 + 0.05 * index), phrase(random, 1), h * 0.04, color)];
  });
}

function table({ random, width: w, height: h, palette }: Frame): Shape[] {
  const [rows, columns] = [random.whole(4, 8), random.whole(3, 5)];
  const size = Math.min(18, (h / rows) * 0.45);
  const cells = Array.from({ length: rows * columns }, (_, cell) => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    const words = column === 0 || row === 0 ? random.pick(vocabulary) : String(random.whole(1, 9999));
    const color = row === 0 ? '#ffffff' : '#222222';
    return text((w * column) / columns + 6, (h * (row + 0.65)) / rows, words, size, color, row > 0);
  });
  const rules = Array.from({ length: rows - 1 }, (_, row) => {
    const y = (h * (row + 1)) / rows;
    return line(
      [
        [0, y],
        [w, y],
      ],
      '#cccccc',
      1,
    );
  });
  return [rectangle(0, 0, w, h / rows, palette[0]!), ...rules, ...cells];
}

function cards({ random, width: w, height: h, palette }: Frame): Shape[] {
  const count = random.whole(2, 4);
  const step = w / count;
  return Array.from({ length: count }, (_, index): Shape[] => {
    const left = step * index;
    return [
      { ...rectangle(left + 5, 5, step - 10, h - 10, '#f3f4f6'), stroke: '#d1d5db' } as Shape,
      circle(left + step * 0.2, h * 0.22, Math.min(step, h) * 0.09, palette[index]!),
      text(left + step * 0.1, h * 0.5, phrase(random, 2), Math.min(20, h * 0.1), '#222222', true),
      ...[0, 1, 2].map((row) =>
        text(left + step * 0.1, h * (0.62 + 0.1 * row), phrase(random, 3), Math.min(13, h * 0.065), '#666666', true),
      ),
    ];
  }).flat();
}

function hero({ random, width: w, height: h, palette }: Frame): Shape[] {
  return [
    { ...rectangle(0, 0, w, h, palette[0]!), element: false },
    text(w * 0.08, h * 0.4, phrase(random, 3), h * 0.16, '#ffffff', true),
    text(w * 0.08, h * 0.6, phrase(random, 6), h * 0.08, '#eeeeee', true),
    rectangle(w * 0.08, h * 0.7, w * 0.2, h * 0.16, palette[2]!, 6),
    text(w * 0.11, h * 0.81, 'Start', h * 0.08, '#ffffff', true),
    circle(w * 0.8, h * 0.5, h * 0.3, palette[3]!),
  ];
}

function paragraphs({ random, width: w, height: h }: Frame): Shape[] {
  const size = Math.max(10, Math.min(17, h / 14));
  return Array.from({ length: Math.floor(h / (size * 1.5)) }, (_, row) =>
    text(
      4,
      size * 1.5 * (row + 1),
      phrase(random, Math.max(2, Math.floor(w / (size * 3.6)))),
      row === 0 ? size * 1.3 : size,
      row === 0 ? '#111111' : '#444444',
      true,
    ),
  );
}

function form({ random, width: w, height: h, palette }: Frame): Shape[] {
  const fields = [0, 1, 2].flatMap((row): Shape[] => [
    text(w * 0.08, h * (0.24 + 0.2 * row), random.pick(vocabulary), h * 0.045, '#555555', true),
    { ...rectangle(w * 0.08, h * (0.26 + 0.2 * row), w * 0.84, h * 0.1, '#fafafa', 4), stroke: '#bbbbbb' } as Shape,
  ]);
  return [
    { ...rectangle(0, 0, w, h, '#ffffff', 8), stroke: '#cccccc', element: false } as Shape,
    text(w * 0.08, h * 0.12, phrase(random, 2), h * 0.07),
    ...fields,
    rectangle(w * 0.08, h * 0.85, w * 0.84, h * 0.1, palette[1]!, 5),
    text(w * 0.4, h * 0.92, 'Submit', h * 0.05, '#ffffff', true),
  ];
}

function flow({ random, width: w, height: h, palette }: Frame): Shape[] {
  const nodes = Array.from({ length: 8 }, (_, index): [number, number] => [
    w * (0.2 + 0.6 * (index % 2)),
    h * (0.12 + 0.24 * Math.floor(index / 2)),
  ]);
  const edges = nodes.slice(1).map((node, index) => line([nodes[index]!, node], '#555555', 2, true));
  const boxes = nodes.flatMap(([x, y], index): Shape[] => [
    rectangle(x - w * 0.12, y - h * 0.06, w * 0.24, h * 0.12, palette[index % palette.length]!, 8),
    text(x - w * 0.1, y + h * 0.015, random.pick(vocabulary), h * 0.045, '#ffffff', true),
  ]);
  return [...edges, ...boxes];
}

function icons({ random, width: w, height: h, palette }: Frame): Shape[] {
  return Array.from({ length: random.whole(6, 11) }, () => {
    const [x, y] = [random.between(0, w * 0.8), random.between(0, h * 0.8)];
    const side = random.between(0.08, 0.23) * Math.min(w, h);
    const color = random.pick(palette);
    return random.next() < 0.5
      ? rectangle(x, y, side * 1.4, side, color, side * 0.2)
      : circle(x + side, y + side, side * 0.7, color);
  });
}

const kinds = [bars, lines, scatter, pie, table, cards, hero, paragraphs, form, flow, icons];

/** A chart, a page or a diagram; each seed gives another, whose first block is of the seed's kind. */
export function sceneOf(seed: number): Scene {
  const random = new Random(seed);
  const [width, height] = sizes[seed % sizes.length]!;
  const palette = random.pick(palettes);
  const first = kinds[seed % kinds.length]!;
  const blocks = cellsOf(width, height, random).map((cell, index): Block => {
    const kind = index === 0 ? first : random.pick(kinds);
    const shapes = kind({ random, width: cell.width, height: cell.height, palette });
    return { ...cell, scale: { x: 1, y: 1 }, shapes };
  });
  return {
    seed,
    width,
    height,
    background: random.next() < 0.7 ? '#ffffff' : random.pick(['#f5f6fa', '#fffaf0']),
    blocks,
    move: { x: 0, y: 0, scale: 1 },
    fontScale: 1,
    strokeScale: 1,
  };
}

const margin = 12;

function cellsOf(width: number, height: number, random: Random): Omit<Block, 'shapes' | 'scale'>[] {
  const [innerWidth, innerHeight] = [width - 2 * margin, height - 2 * margin];
  if (width * height < 300_000 && random.next() < 0.6) {
    return [{ x: margin, y: margin, width: innerWidth, height: innerHeight }];
  }
  const rows = height >= width ? [0.22, 0.4, 0.38] : width > 2 * height ? [1] : [0.45, 0.55];
  let top = margin;
  return rows.flatMap((share) => {
    const rowHeight = innerHeight * share;
    const count = height >= width && share < 0.3 ? 1 : width > 2.2 * height ? 3 : 2;
    const cells = Array.from({ length: count }, (_, index) => ({
      x: margin + (innerWidth * index) / count + 4,
      y: top + 4,
      width: innerWidth / count - 8,
      height: rowHeight - 8,
    }));
    top += rowHeight;
    return cells;
  });
}
