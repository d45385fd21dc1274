import { createHash } from 'node:crypto';
import { OnnxGraph, type Value } from '../src/onnx/graph.ts';
import { averagePool, binCenters, directions, fastMaps, lumaWeights, type CostlyMaps } from './costly-maps.ts';

/**
 * The analytic encoder: hand-made image features as an ONNX graph, without learned weights.
 *
 * Input `pixels` float32 [1, 3, 448, 448] in 0..1. Output `vector` [1, 12040] of length 1: eight groups of features, each
 * less its spatial mean, scaled by its energy, weighted. Output `cells` [1, 256, 72] of length 1 each: the features of a
 * 16 x 16 grid over the crop, row-major.
 *
 * Each group carries the square root of a bias as one more element, so that cos(blank, blank) = 1 and cos(blank, content)
 * is near 0. A group's bias is 2 % of its median energy over rendered charts, pages and icons; weights and grids were chosen for the
 * rank correlation with graded degradations of the same images.
 */
const analyticEncoder = {
  id: 'analytic-a8',
  inputName: 'pixels',
  outputName: 'vector',
  cells: { outputName: 'cells', columns: 16, rows: 16 },
  inputSize: 448,
} as const;

const opset = 13;
const side = analyticEncoder.inputSize;
const cellGrid = analyticEncoder.cells.columns;
const cellArea = side / cellGrid;

const opponents = [
  [1, -1, 0],
  [-0.5, -0.5, 1],
];
const bins = binCenters.length ** 3;

interface Group {
  features: Value;
  /** Features in all: channels x grid x grid. */
  length: number;
  weight: number;
  bias: number;
}

interface CellGroup {
  /** [1, channels, 16, 16] */
  features: Value;
  weight: number;
  /** Null where the features have unit length already. */
  bias: number | null;
}

/** The encoder's file. Every way to compute the costly maps gives the same vectors. */
export function buildAnalyticEncoder(costly: CostlyMaps = fastMaps): Uint8Array {
  const graph = new OnnxGraph(analyticEncoder.id);
  const pixels = graph.input(analyticEncoder.inputName, [1, 3, side, side]);
  const maps = featureMaps(graph, pixels, costly);
  const groups = vectorGroups(maps);
  const vectorLength = groups.reduce((sum, group) => sum + group.length + 1, 0);
  graph.output(analyticEncoder.outputName, joinGroups(graph, groups), [1, vectorLength]);
  const cellGroups = cellGroupsOf(graph, maps);
  graph.output(analyticEncoder.cells.outputName, joinCells(graph, cellGroups), [1, cellGrid ** 2, cellLength]);
  return graph.toBytes(opset);
}

/** The manifest next to the file. */
export function analyticManifest(model: Uint8Array) {
  const { id, inputName, outputName, cells, inputSize } = analyticEncoder;
  return {
    id,
    file: `${id}.onnx`,
    sha256: createHash('sha256').update(model).digest('hex'),
    license: 'Apache-2.0',
    source: 'Built by libs/encoder/scripts/build-analytic-encoder.ts; no learned weights.',
    inputSize,
    inputLayout: 'nchw',
    mean: [0, 0, 0],
    std: [1, 1, 1],
    round: 'none',
    inputName,
    outputName,
    pooling: 'vector',
    cells,
  };
}

type FeatureMaps = ReturnType<typeof featureMaps>;

/** Named by what they hold and the side of their grid. */
function featureMaps(graph: OnnxGraph, pixels: Value, costly: CostlyMaps) {
  const fullLuma = costly.luma(graph, pixels, side);
  const halfLuma = averagePool(graph, fullLuma, 2);
  const quarterLuma = averagePool(graph, halfLuma, 2);
  const edges32 = costly.edges(graph, fullLuma, side, 32);
  const edges16 = averagePool(graph, edges32, 2);
  const quarter = averagePool(graph, pixels, 4);
  const color16 = averagePool(graph, quarter, cellArea / 4);
  const color8 = averagePool(graph, color16, 2);
  const histogram16 = averagePool(graph, softHistogram(graph, quarter, side / 4, costly), cellArea / 4);
  return {
    edges32,
    edges16,
    edges8: averagePool(graph, edges16, 2),
    coarseEdges4: costly.edges(graph, halfLuma, side / 2, 4),
    coarserEdges8: costly.edges(graph, quarterLuma, side / 4, 8),
    histogram16: squareRoot(graph, histogram16),
    histogram8: squareRoot(graph, averagePool(graph, histogram16, 2)),
    color16,
    opponents8: mixChannels(graph, color8, opponents),
    luma8: mixChannels(graph, color8, [lumaWeights]),
  };
}

function vectorGroups(maps: FeatureMaps): Group[] {
  return [
    { features: maps.histogram8, length: bins * 8 ** 2, weight: 0.13, bias: 0.172403 },
    { features: maps.histogram16, length: bins * 16 ** 2, weight: 0.08, bias: 0.962584 },
    { features: maps.edges8, length: directions * 8 ** 2, weight: 0.25, bias: 3.47119e-4 },
    { features: maps.edges16, length: directions * 16 ** 2, weight: 0.17, bias: 2.93874e-3 },
    { features: maps.coarseEdges4, length: directions * 4 ** 2, weight: 0.14, bias: 5.91805e-5 },
    { features: maps.coarserEdges8, length: directions * 8 ** 2, weight: 0.09, bias: 1.39567e-3 },
    { features: maps.opponents8, length: opponents.length * 8 ** 2, weight: 0.09, bias: 4.93306e-3 },
    { features: maps.luma8, length: 8 ** 2, weight: 0.05, bias: 2.0793e-2 },
  ];
}

/** Edges in four quarters of a cell; its color histogram; its mean color on two circles a channel (see `onCircles`). */
const edgesInCell = directions * 4 + 1;
const colorTurns = [1, 3];
const cellLength = edgesInCell + bins + 3 * 2 * colorTurns.length;

function cellGroupsOf(graph: OnnxGraph, maps: FeatureMaps): CellGroup[] {
  const quarters = graph.node('SpaceToDepth', [maps.edges32], { blocksize: 2 });
  return [
    { features: quarters, weight: 0.4, bias: 5e-5 * 4 },
    { features: maps.histogram16, weight: 0.25, bias: null },
    { features: onCircles(graph, maps.color16), weight: 0.35, bias: null },
  ];
}

/** Linear mixes of R, G and B, one a row. */
function mixChannels(graph: OnnxGraph, pixels: Value, rows: readonly (readonly number[])[]): Value {
  const weights = graph.constant(rows.flat(), [rows.length, 3, 1, 1]);
  return graph.node('Conv', [pixels, weights], { kernel_shape: [1, 1] });
}

/** Membership of each pixel in 27 color bins: the product of its channels' memberships in three bins each. */
function softHistogram(graph: OnnxGraph, pixels: Value, mapSide: number, costly: CostlyMaps): Value {
  const area = mapSide ** 2;
  const membership = costly.memberships(graph, pixels, area);
  const shapes = [
    [1, 3, 1, 1, area],
    [1, 1, 3, 1, area],
    [1, 1, 1, 3, area],
  ];
  const [red, green, blue] = graph
    .nodeWithOutputs('Split', [membership], { axis: 1 }, 3)
    .map((channel, index) => graph.node('Reshape', [channel, graph.integers(shapes[index]!)]));
  const joint = graph.node('Mul', [graph.node('Mul', [red!, green!]), blue!]);
  return graph.node('Reshape', [joint, graph.integers([1, bins, mapSide, mapSide])]);
}

function squareRoot(graph: OnnxGraph, map: Value): Value {
  const epsilon = 1e-6;
  return graph.node('Sqrt', [graph.node('Add', [map, graph.constant(epsilon)])]);
}

/**
 * Each channel's mean as points on unit circles, half a turn and one and a half turns from 0 to 1: the cosine of two cells falls
 * at once with a small difference of color and is lowest for opposite ones.
 */
function onCircles(graph: OnnxGraph, means: Value): Value {
  const points = colorTurns.flatMap((turns) => {
    const angle = graph.node('Mul', [means, graph.constant(Math.PI * turns)]);
    return [graph.node('Cos', [angle]), graph.node('Sin', [angle])];
  });
  const unit = graph.constant(1 / Math.sqrt(3 * colorTurns.length));
  return graph.node('Mul', [graph.node('Concat', points, { axis: 1 }), unit]);
}

function joinGroups(graph: OnnxGraph, groups: readonly Group[]): Value {
  const total = groups.reduce((sum, group) => sum + group.weight, 0);
  const parts = groups.flatMap(({ features, weight, bias }) => {
    const mean = graph.node('ReduceMean', [features], { axes: [2, 3], keepdims: 1 });
    const flat = graph.node('Flatten', [graph.node('Sub', [features, mean])], { axis: 1 });
    return withBias(graph, flat, bias, weight / total);
  });
  return graph.node('Concat', parts, { axis: 1 });
}

/** Joins the groups of each cell, then turns [1, channels, 16, 16] into [1, 256, channels]. */
function joinCells(graph: OnnxGraph, groups: readonly CellGroup[]): Value {
  const parts = groups.flatMap(({ features, weight, bias }) =>
    bias === null
      ? [graph.node('Mul', [features, graph.constant(Math.sqrt(weight))])]
      : withBias(graph, features, bias, weight),
  );
  const joined = graph.node('Concat', parts, { axis: 1 });
  const flat = graph.node('Reshape', [joined, graph.integers([1, cellLength, cellGrid ** 2])]);
  return graph.node('Transpose', [flat], { perm: [0, 2, 1] });
}

/** Features along axis 1, and sqrt(bias) as one more, scaled so that their squares sum to the weight. */
function withBias(graph: OnnxGraph, features: Value, bias: number, weight: number): Value[] {
  const energy = graph.node('ReduceSumSquare', [features], { axes: [1], keepdims: 1 });
  const norm = graph.node('Sqrt', [graph.node('Add', [energy, graph.constant(bias)])]);
  const scale = graph.node('Div', [graph.constant(Math.sqrt(weight)), norm]);
  return [graph.node('Mul', [features, scale]), graph.node('Mul', [scale, graph.constant(Math.sqrt(bias))])];
}
