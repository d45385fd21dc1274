import {
  averagePool,
  binCenters,
  binSoftness,
  directions,
  lumaWeights,
  padByOnePixel,
  scharrKernels,
  type CostlyMaps,
} from './costly-maps.ts';

/** The maps of the analytic encoder as ONNX has operators for them: what `fastMaps` must equal bit for bit. */
export const plainMaps: CostlyMaps = {
  luma(graph, pixels) {
    return graph.node('Conv', [pixels, graph.constant(lumaWeights, [1, 3, 1, 1])], { kernel_shape: [1, 1] });
  },
  edges(graph, luma, side, grid) {
    const padded = padByOnePixel(graph, luma);
    const weights = graph.constant(scharrKernels().flat(), [directions, 1, 3, 3]);
    const edges = graph.node('Relu', [graph.node('Conv', [padded, weights], { kernel_shape: [3, 3] })]);
    return averagePool(graph, edges, side / grid);
  },
  memberships(graph, pixels, area) {
    const byChannel = graph.node('Reshape', [pixels, graph.integers([1, 3, 1, area])]);
    const distance = graph.node('Sub', [byChannel, graph.constant(binCenters, [1, 1, 3, 1])]);
    const scaled = graph.node('Mul', [graph.node('Mul', [distance, distance]), graph.constant(-1 / binSoftness)]);
    return graph.node('Softmax', [scaled], { axis: 2 });
  },
};
