// The dashboard's build as its own program: it runs while a stack serves already, and ends with it.
import { ensureDashboard } from './setup.mjs';
import { Failure, say } from './terminal.mjs';

try {
  await ensureDashboard();
} catch (error) {
  say(error instanceof Failure ? `set-up: ${error.message}` : error.stack);
  process.exitCode = 1;
}
