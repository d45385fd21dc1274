#!/usr/bin/env node
// Runs the command under the project's own Node: TypeScript as it stands needs Node 24, and the machine's may be older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/main.ts');
const packages = join(dirname(dirname(dirname(dirname(main)))), 'node_modules');
const brought = join(packages, '.bin/node');

// A second start finds what the first has compiled. Not in the shared folder that is Node's default: others could write there.
process.env.NODE_COMPILE_CACHE ??= join(packages, '.cache/compiled');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else if (existsSync(brought)) {
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
} else {
  process.stderr.write(
    `pentimento needs Node 24 and this is ${process.version}: run "npm run setup" in the checkout once, it brings Node 24.\n`,
  );
  process.exitCode = 1;
}
