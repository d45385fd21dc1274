/** Writes the kernels' WebAssembly: node libs/imaging/scripts/build-kernels.ts */
import { writeFile } from 'node:fs/promises';
import { compileKernels } from './compile-kernels.ts';

const wasm = await compileKernels();
await writeFile(new URL('../wasm/kernels.wasm', import.meta.url), wasm);
console.log(`kernels.wasm: ${wasm.length} bytes`);
