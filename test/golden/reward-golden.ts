/** Writes reward.json, what Pillow makes of every case whose bytes are the same everywhere: node test/golden/reward-golden.ts */
import { writeFile } from 'node:fs/promises';
import { pillowCuts } from './pillow.ts';
import { parityCases } from './reward-cases.ts';

const golden = await pillowCuts(parityCases.filter(({ unstored }) => !unstored));
await writeFile(new URL('reward.json', import.meta.url), `${JSON.stringify(golden, null, 2)}\n`);
