import { readFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const source = new URL('../wasm/kernels.ts', import.meta.url);

/** The kernels' WebAssembly, the same bytes each time. Throws with the compiler's message. */
export async function compileKernels(): Promise<Uint8Array> {
  const text = await readFile(source, 'utf8');
  let built: Uint8Array | undefined;
  const options = ['--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--importMemory'];
  const { error, stderr } = await asc.main(['kernels.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => (name === 'kernels.ts' ? text : null),
    writeFile: (_name, contents) => void (built = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !built) throw new Error(`AssemblyScript failed:\n${stderr.toString()}`, { cause: error });
  return built;
}
