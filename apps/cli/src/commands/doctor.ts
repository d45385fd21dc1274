import { exitCodes, type ExitCode } from '../fault.ts';
import { paint, table, type Terminal } from '../terminal.ts';
import { examine, type Finding } from '../examination.ts';

export interface DoctorOptions {
  server?: string;
  json?: boolean;
}

const marks = { ok: 'ok', limited: 'limited', missing: 'MISSING', off: 'off' } as const;
const styles = { ok: 'green', limited: 'yellow', missing: 'red', off: 'dim' } as const;

/** Says what this machine has, and for each thing that it lacks what does not work and what to do. Exit 1 where the main job cannot run. */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const findings = await examine(options.server, terminal);
  terminal.data(options.json ? JSON.stringify({ findings }) : describe(findings, terminal.colours));
  return findings.some(({ state }) => state === 'missing') ? exitCodes.error : exitCodes.done;
}

function describe(findings: Finding[], colours: boolean): string {
  const rows = findings.map(({ name, state, detail }) => [marks[state], name, detail]);
  const lines = table(rows).split('\n');
  return findings
    .flatMap(({ state, remedy }, index) => {
      const mark = marks[state];
      const line = paint(mark, styles[state], colours) + lines[index]!.slice(mark.length);
      return remedy ? [line, `         do: ${remedy}`] : [line];
    })
    .join('\n');
}
