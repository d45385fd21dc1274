/**
 * Writes the embedded encoder and its manifest:
 *
 *     node libs/encoder/scripts/build-analytic-encoder.ts && npx prettier --write libs/encoder/encoders
 */
import { writeFile } from 'node:fs/promises';
import { analyticManifest, buildAnalyticEncoder } from './analytic-encoder.ts';

const folder = new URL('../encoders/analytic/', import.meta.url);
const model = buildAnalyticEncoder();
const manifest = analyticManifest(model);
await writeFile(new URL(manifest.file, folder), model);
await writeFile(new URL('manifest.json', folder), JSON.stringify(manifest, null, 2));
console.log(`${manifest.file}: ${model.length} bytes`);
