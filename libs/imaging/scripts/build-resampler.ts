/** Writes the resampler's WebAssembly: node libs/imaging/scripts/build-resampler.ts */
import { writeFile } from 'node:fs/promises';
import { buildResampler } from './resampler.ts';

const wasm = await buildResampler();
await writeFile(new URL('../wasm/resample.wasm', import.meta.url), wasm);
console.log(`resample.wasm: ${wasm.length} bytes`);
