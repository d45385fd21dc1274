/** Writes the embedded encoder and its manifest: node libs/reward/scripts/build-analytic-encoder.ts */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { analyticEncoder, buildAnalyticEncoder } from './analytic-encoder.ts';

const folder = new URL('../encoders/analytic/', import.meta.url);
const file = `${analyticEncoder.id}.onnx`;
const model = buildAnalyticEncoder();
const manifest = {
  id: analyticEncoder.id,
  file,
  sha256: createHash('sha256').update(model).digest('hex'),
  license: 'Apache-2.0',
  source: 'Built by libs/reward/scripts/build-analytic-encoder.ts; no learned weights.',
  inputSize: analyticEncoder.inputSize,
  inputLayout: 'nchw',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  round: 'none',
  inputName: analyticEncoder.inputName,
  outputName: analyticEncoder.outputName,
  pooling: 'vector',
  cells: analyticEncoder.cells,
};
await writeFile(new URL(file, folder), model);
await writeFile(new URL('manifest.json', folder), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${file}: ${model.length} bytes`);
