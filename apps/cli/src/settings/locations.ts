import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const serverProgram = join(repository, 'apps/api/dist/main.js');
export const rewardProgram = join(repository, 'apps/api/dist/rewards.js');
