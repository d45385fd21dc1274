import type { OnnxGraph, Value } from '../src/onnx/graph.ts';

/** What the analytic encoder computes at or near the size of its input, where nearly all of its time goes. */
export interface CostlyMaps {
  /** [1, 3, side, side] in 0..1 to its luma, [1, 1, side, side]. */
  luma(graph: OnnxGraph, pixels: Value, side: number): Value;
  /** The derivatives of a luma map in eight directions without their negative part, averaged to [1, 8, grid, grid]. */
  edges(graph: OnnxGraph, luma: Value, side: number, grid: number): Value;
  /** Membership of each channel's values in three bins, [1, 3, 3, area]: the softmax of -(value - center)^2 / softness over the bins. */
  memberships(graph: OnnxGraph, pixels: Value, area: number): Value;
}

export const lumaWeights = [0.299, 0.587, 0.114];
/** Bin centers of the color histogram in each channel, and the softness of a value's distribution between them. */
export const binCenters = [0, 0.5, 1];
export const binSoftness = 0.03;
export const directions = 8;

/** Scharr's derivative in each direction, 3 x 3 each. */
export function scharrKernels(): number[][] {
  const scharr = [3, 0, -3, 10, 0, -10, 3, 0, -3].map((value) => value / 32);
  const transposed = scharr.map((_, index) => scharr[(index % 3) * 3 + Math.floor(index / 3)]!);
  return Array.from({ length: directions }, (_, direction) => {
    const angle = (2 * Math.PI * direction) / directions;
    return scharr.map((value, index) => Math.cos(angle) * value + Math.sin(angle) * transposed[index]!);
  });
}

export function padByOnePixel(graph: OnnxGraph, map: Value): Value {
  return graph.node('Pad', [map, graph.integers([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' });
}

export function averagePool(graph: OnnxGraph, map: Value, factor: number): Value {
  return graph.node('AveragePool', [map], { kernel_shape: [factor, factor], strides: [factor, factor] });
}

/** ONNX Runtime computes convolutions in blocks of so many channels where the processor has AVX-512, and pads others in memory. */
const blockChannels = 16;
/** The edges of so many pixels in a block of channels stay in a core's cache until they are averaged: 784 KiB. */
const stripPixels = 12_544;

/** The forms that ONNX Runtime computes fastest. They give the same bits as `plainMaps`, which a test compares. */
export const fastMaps: CostlyMaps = {
  luma(graph, pixels, side) {
    const channels = graph.node('Reshape', [pixels, graph.integers([3, side * side])]);
    const mixed = graph.node('MatMul', [graph.constant(lumaWeights, [1, 3]), channels]);
    return graph.node('Reshape', [mixed, graph.integers([1, 1, side, side])]);
  },
  edges(graph, luma, side, grid) {
    const padded = padByOnePixel(graph, luma);
    const empty = new Array<number>((blockChannels - directions) * 9).fill(0);
    const weights = graph.constant([...scharrKernels().flat(), ...empty], [blockChannels, 1, 3, 3]);
    const rows = stripPixels / side;
    const strips = Array.from({ length: side / rows }, (_, strip) => {
      const source = rowsOf(graph, padded, strip * rows, (strip + 1) * rows + 2);
      const edges = graph.node('Relu', [graph.node('Conv', [source, weights], { kernel_shape: [3, 3] })]);
      return averagePool(graph, edges, side / grid);
    });
    const joined = strips.length === 1 ? strips[0]! : graph.node('Concat', strips, { axis: 2 });
    return graph.nodeWithOutputs('Split', [joined], { axis: 1 }, blockChannels / directions)[0]!;
  },
  memberships(graph, pixels, area) {
    const exponents = binCenters.map((center) => negativeSquare(graph, pixels, center));
    const largest = graph.node('Max', exponents);
    const powers = exponents.map((exponent) => graph.node('Exp', [graph.node('Sub', [exponent, largest])]));
    const sum = powers.reduce((sum, power) => graph.node('Add', [sum, power]));
    const share = graph.node('Div', [graph.constant(1), sum]);
    const shape = graph.integers([1, 3, 1, area]);
    const shares = powers.map((power) => graph.node('Reshape', [graph.node('Mul', [power, share]), shape]));
    return graph.node('Concat', shares, { axis: 2 });
  },
};

function rowsOf(graph: OnnxGraph, map: Value, start: number, end: number): Value {
  return graph.node('Slice', [map, graph.integers([start]), graph.integers([end]), graph.integers([2])]);
}

/** -(value - center)^2 / softness */
function negativeSquare(graph: OnnxGraph, values: Value, center: number): Value {
  const distance = graph.node('Sub', [values, graph.constant(center)]);
  return graph.node('Mul', [graph.node('Mul', [distance, distance]), graph.constant(-1 / binSoftness)]);
}
