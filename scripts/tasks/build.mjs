import { ensureDashboard, setUp } from './setup.mjs';

/** Builds what `npm start` serves. */
export async function run() {
  await setUp(['prisma', 'api']);
  await ensureDashboard();
  return 0;
}
