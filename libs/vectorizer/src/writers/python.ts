import type { Size } from '@pentimento/contracts';
import { pathData, type Layer } from '../tracing/shapes.ts';
import { readGroups, short } from './groups-in-code.ts';
import { wholeOf, type Opening, type Writer } from './writer.ts';

const openingLine = /^# patch (\d+),(\d+),(\d+),(\d+) detail (\d+)$/gm;
const layerEnd = '# end of patch';
const tracedEnd = '# traced';

/** Its `draw` reads path data as `pathData` writes it. */
const prelude = String.raw`import re

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import PathPatch
from matplotlib.path import Path


def draw(left, top, x_scale, y_scale, fill, data):
    vertices, codes, x, y = [], [], 0, 0
    for command, numbers in re.findall(r"([Mmlhvz])([^Mmlhvz]*)", data):
        values = [int(value) for value in re.findall(r"-?\d+", numbers)]
        if command in "hv":
            values = [value for only in values for value in ((only, 0) if command == "h" else (0, only))]
        if command == "z":
            x, y = start
            values = [0, 0]
        for index in range(0, len(values), 2):
            x, y = x + values[index], y + values[index + 1]
            vertices.append((left + x * x_scale, top + y * y_scale))
            codes.append({"M": Path.MOVETO, "m": Path.MOVETO, "z": Path.CLOSEPOLY}.get(command, Path.LINETO))
        if command in "Mm":
            start = (x, y)
    axes.add_patch(PathPatch(Path(vertices, codes), facecolor=fill, edgecolor="none", linewidth=0))

`;

export const python: Writer = {
  document: ({ width, height }, layers) =>
    [
      prelude,
      `figure = plt.figure(figsize=(${width} / 100, ${height} / 100), dpi=100)`,
      `axes = figure.add_axes((0, 0, 1, 1), xlim=(0, ${width}), ylim=(${height}, 0))`,
      'axes.axis("off")',
      ...layers,
      tracedEnd,
      'figure.savefig("figure.png", dpi=100)',
    ].join('\n'),
  layer: callsOf,
  groups: (code) => readGroups(code, openingLine, layerEnd),
  opening: (code: string, size: Size): Opening | undefined => {
    const at = code.lastIndexOf(`\n${tracedEnd}\n`) + 1;
    if (at === 0) return undefined;
    return { at, length: tracedEnd.length, frame: wholeOf(size), wrap: (layers) => `${layers}\n` };
  },
};

function callsOf({ box, detail, width, height, shapes }: Layer): string {
  const transform = `${box.x}, ${box.y}, ${short(box.width / width)}, ${short(box.height / height)}`;
  return [
    `# patch ${box.x},${box.y},${box.width},${box.height} detail ${detail}`,
    ...shapes.map((shape) => `draw(${transform}, "${shape.fill}", "${pathData(shape)}")`),
    layerEnd,
  ].join('\n');
}
