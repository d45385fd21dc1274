import type { HostileProgram } from '../../../port/samples.ts';

export const raw = String.raw;
export const magenta = raw`\definecolor{caught}{RGB}{255,0,255}\color{caught}`;

/** A whole document. Its page has the last word if TeX gets to its end. */
export const document = (body: string, preamble = ''): string => raw`\documentclass{article}
\usepackage{graphicx,xcolor,tikz}
${preamble}
\begin{document}
benign {${body}} done
\end{document}`;
export const finished: HostileProgram['endings'] = { ok: /benign[\s\S]*done/ };
/** What a document sets where it gets nothing. */
export const refused = raw`\textcolor{black}{refused}`;
export const saysRefused: HostileProgram['endings'] = { ok: /benign[\s\S]*refused done/ };
export const blocked = (path: string): HostileProgram['endings'] => ({
  blocked: new RegExp(raw`^A render may not open [^\n]*${path.replaceAll('.', raw`\.`)}`),
});

/** What it gets at is set in magenta. */
export const catching = (
  body: string,
  endings: HostileProgram['endings'],
  { preamble = '', next }: { preamble?: string; next?: HostileProgram } = {},
): HostileProgram => ({ code: document(`${magenta} ${body}`, preamble), endings, ...(next && { next }) });

export const report = raw`\errmessage{REA\empty CHED}`;
export const stopped = /^The code did not finish within/;

/** A loop, which leaves no trace when it is stopped. In its rehearsal a turn of the loop reports. */
export const looping = (make: (turn: string) => string, turn = raw`\again`, next?: HostileProgram): HostileProgram => ({
  code: make(turn),
  endings: { timeout: stopped },
  rehearsal: { code: make(report), endings: { syntax: /^! REACHED/ } },
  ...(next && { next }),
});

/** A loop that comes to a limit. In its rehearsal a turn of the loop reports. */
export const flooding = (
  make: (turn: string) => string,
  turn: string,
  endings: HostileProgram['endings'],
): HostileProgram => ({ ...looping(make, turn), endings });
export const fileTooLarge: HostileProgram['endings'] = { 'too-large': /larger than 64 MB/ };

/** A document that is too much. In its rehearsal the same is little. */
export const growing = (
  make: (count: number) => string,
  [few, many]: [few: number, many: number],
  endings: HostileProgram['endings'],
): HostileProgram => ({
  code: make(many),
  endings: { timeout: stopped },
  rehearsal: { code: make(few), endings },
});

/** Each work is a Lua function's body that returns something true once it has got at what is not its own. */
export const lua = (...works: string[]): HostileProgram => ({
  code: luatex(`local said = "REA" .. "CHED"
local function try(work)
  local fine, found = pcall(work)
  if fine and found then said = "ESC" .. "APED" end
  said = said .. " <" .. tostring(found) .. ">"
end
${works.map((work) => `try(function() ${work} end)`).join('\n')}
tex.error(said)`),
  endings: { syntax: /^! REACHED(?! [^\n]*attempt to call a (?!nil value(?! \(global)))/ },
});
/** Before the class, which takes LuaTeX many seconds more. */
export const luatex = (code: string): string => raw`% !TeX program = lualatex
\directlua{${code}}
\documentclass{article}
\begin{document}x\end{document}`;

/** One line for each of the letters from a to j and the letter after it. */
export const steps = (line: (from: string, to: string) => string): string =>
  [...'abcdefghi'].map((from, index) => line(from, 'bcdefghij'[index]!)).join('');

/** An endless Lua program. `report` is something in the rehearsal only, which ends at once. */
export const luaHang = (code: string, endings: HostileProgram['endings']): HostileProgram => ({
  code: luatex(`local report ${code}`),
  endings,
  rehearsal: {
    code: luatex(`local report = "REA" .. "CHED" ${code}`),
    endings: { syntax: /^! REACHED/ },
  },
});
