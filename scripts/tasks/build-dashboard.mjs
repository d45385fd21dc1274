// The dashboard's build as a program of its own: it runs beside a stack that serves already, and dies with it.
import { ensureDashboard } from './setup.mjs';
import { Failure, say } from './terminal.mjs';

try {
  await ensureDashboard();
} catch (error) {
  say(error instanceof Failure ? `set-up: ${error.message}` : error.stack);
  process.exitCode = 1;
}
