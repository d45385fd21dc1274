import { runDiagnostics, type Diagnostic } from '../doctor/diagnostics.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import { paint, table, type Terminal } from '../terminal/terminal.ts';

export interface DoctorOptions {
  server?: string;
  json?: boolean;
}

const marks = { ok: 'ok', limited: 'limited', missing: 'MISSING', off: 'off' } as const;
const styles = { ok: 'green', limited: 'yellow', missing: 'red', off: 'dim' } as const;

/** Shows what this machine has, and what to do about what it lacks. Exits with 1 where jobs cannot run. */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const diagnostics = await runDiagnostics(options.server, terminal.settings);
  terminal.data(options.json ? JSON.stringify({ diagnostics }) : describe(diagnostics, terminal.colors));
  return diagnostics.some(({ state }) => state === 'missing') ? exitCodes.error : exitCodes.done;
}

function describe(diagnostics: Diagnostic[], colors: boolean): string {
  const rows = diagnostics.map(({ name, state, detail }) => [marks[state], name, detail]);
  const lines = table(rows).split('\n');
  return diagnostics
    .flatMap(({ state, remedy }, index) => {
      const mark = marks[state];
      const line = paint(mark, styles[state], colors) + lines[index]!.slice(mark.length);
      return remedy ? [line, `         do: ${remedy}`] : [line];
    })
    .join('\n');
}
