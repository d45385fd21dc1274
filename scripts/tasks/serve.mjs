import { delegateTo } from './child-processes.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { setUp, startDashboardBuild } from './setup.mjs';

/** The command line, which leaves with us however we end. */
export function cli(args) {
  const guard = inRoot('apps/cli/src/server/stop-with-parent.ts');
  return delegateTo(projectNode(), ['--import', guard, inRoot('apps/cli/bin/pentimento.mjs'), ...args]);
}

export async function run(args) {
  await setUp(['prisma', 'api']);
  startDashboardBuild();
  return cli(['serve', ...args]);
}
