import { delegateTo } from './children.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { setUp, startDashboardBuild } from './setup.mjs';

export const cli = (args) => delegateTo(projectNode(), [inRoot('apps/cli/bin/pentimento.mjs'), ...args]);

export async function run(args) {
  await setUp(['prisma', 'api']);
  startDashboardBuild();
  return cli(['serve', ...args]);
}
