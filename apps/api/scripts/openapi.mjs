import { writeFile } from 'node:fs/promises';
import { build } from './build.mjs';

/** Writes `openapi.json` anew from the API's decorators and schemas. */
await build();
const { describeApi } = await import('../dist/openapi/preview.js');
await writeFile(new URL('../openapi.json', import.meta.url), await describeApi());
