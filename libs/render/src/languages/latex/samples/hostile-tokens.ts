import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { document, finished, growing, looping, raw, report } from './hostile-source.ts';

const exceeded = (what: string): HostileProgram['endings'] => ({
  memory: new RegExp(raw`^! TeX capacity exceeded, sorry \[${what}`),
});
const twice = raw`\AtEndDocument{\wlog{LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.}}`;
const tikz = (body: string): string => raw`\begin{tikzpicture}${body}\end{tikzpicture}`;

/** Documents against one store of TeX each, against its reader of errors, and against its second run. */
export const latexTokens: MakeHostilePrograms = ({ folder, mark }) => ({
  'a loop of \\scantokens': {
    code: document(raw`\def\x{\scantokens{\x}}\x`),
    endings: exceeded('(?:text input levels|input stack size)'),
  },
  'a document that reads itself': {
    code: document(raw`\input{main}`),
    endings: { syntax: /^! LaTeX Error: Can be used only in preamble/ },
  },
  'a file that reads itself': {
    code: document(
      raw`\input{self}`,
      raw`\begin{filecontents*}{self.tex}
\input{self}
\end{filecontents*}`,
    ),
    endings: exceeded('text input levels'),
  },
  'fonts without number': {
    code: document(
      raw`\newcount\n \n=65536 \loop\expandafter\font\csname f\the\n\endcsname=cmr10 at \n sp \advance\n by 1 \iftrue\repeat`,
    ),
    endings: { syntax: /^! Font [^\n]* not loaded: Not enough room left/ },
  },
  'names without number': {
    code: document(
      raw`\newcount\n \loop\expandafter\let\csname ${'x'.repeat(400)}\the\n\endcsname\relax\advance\n by 1 \iftrue\repeat`,
    ),
    endings: exceeded('(?:pool size|hash size|number of strings|main memory)'),
  },
  'a name without end': {
    code: document(`${raw`\def\x{x}`}${raw`\edef\x{\x\x}`.repeat(22)}${raw`\csname\x\x\x\x\x\x\endcsname`}`),
    endings: exceeded('(?:buffer size|pool size|main memory size)'),
  },
  // TeX does not write down the error of its reader.
  'a line without end': {
    code: document('x '.repeat(400_000)),
    endings: { runtime: /^LaTeX ended without an image and without an error/ },
    rehearsal: { code: document('x '.repeat(40)), endings: { ok: /benign (?:x\s+){40}done/ } },
  },
  'parameters within parameters': {
    code: document(raw`\def\x#1#2#3#4#5#6#7#8#9{\x{#1}{#2}{#3}{#4}{#5}{#6}{#7}{#8}{#9#1}x}\x123456789`),
    endings: exceeded('(?:input stack size|main memory size|parameter stack size)'),
  },
  'settings saved without end': {
    code: document(raw`\newcount\n \def\again{\begingroup\n=1 \again}\again`),
    endings: exceeded('(?:grouping levels|save size)'),
  },
  'boxes within boxes': {
    code: document(raw`\hbox{`.repeat(3000)),
    endings: exceeded('(?:semantic nest size|grouping levels)'),
  },
  'conditions within conditions': {
    code: document(raw`\def\again{\iftrue\again\fi}\again`),
    endings: exceeded('input stack size'),
  },
  'a number of two million Roman letters': {
    code: document(raw`\edef\x{\romannumeral 2147483647 }\ifx\x\empty\else more\fi`),
    endings: { ok: /benign more done/ },
  },
  'a length multiplied out of range': {
    code: document(raw`\dimen0=16000pt \multiply\dimen0 by 16000 \hskip\dimen0 `),
    endings: { syntax: /^! Arithmetic overflow/ },
  },
  'an output routine that never ships': {
    code: raw`\documentclass{minimal}\begin{document}\output={\unvbox255 \penalty-10000 }x\par\penalty-10000 \end{document}`,
    endings: { syntax: /^! Output loop---\d+ consecutive dead cycles/ },
  },
  'an output routine that never ships, without the limit': looping(
    (turn) =>
      raw`\documentclass{minimal}\begin{document}\maxdeadcycles=2147483647 \output={${turn}\unvbox255 \penalty-10000 }x\par\penalty-10000 \end{document}`,
    '',
  ),
  'a table with columns without end': {
    code: document(raw`\def\cells{&\cells}\halign{&\hfil#\cr\cells\cr}`),
    endings: exceeded('main memory size'),
  },
  'leaders as many as a length has points': growing(
    (length) => document(raw`\hbox to 10pt{\leaders\hbox to ${length}{\rule{1sp}{1sp}}\hskip 10000pt\hss}`),
    ['100pt', '2sp'].map((length) => length as unknown as number) as [number, number],
    finished,
  ),
  'a paragraph that cannot be broken': growing(
    (count) =>
      document(
        raw`\tolerance=10000 \emergencystretch=100pt \looseness=9 \hsize=20pt ${'a'.repeat(50)} ${'x-y\n'.repeat(count)}`,
      ),
    [10, 100_000],
    { ok: /x-y[\s\S]*done/ },
  ),
  'everything of another category': {
    code: document(raw`\global\catcode123=12 \global\catcode125=12 \global\catcode92=12 x`),
    endings: { syntax: /^The document ends before/ },
  },
  'the end marker taken away': {
    code: document(raw`\global\let\end\relax\global\let\enddocument\relax x`),
    endings: { syntax: /^The document ends before/ },
  },
  'an end of TeX in the middle': {
    code: raw`\documentclass{minimal}\begin{document}shown\newpage\csname @@end\endcsname\errmessage{ESC\empty APED}\end{document}`,
    endings: { ok: /shown/ },
  },
  'silence, and then an error': {
    code: document(raw`\batchmode\tracingall\errmessage{REA\empty CHED}`),
    endings: { syntax: /^! REACHED/ },
  },
  'a log that tells of errors that are none': {
    code: document(
      raw`\wlog{! It looks as if.}\wlog{l.1 \string\x}\message{Not reading from /etc/shadow (openin_any = p).}\wlog{! I can't find file 'x'.}`.replace(
        'ESCA\\empty PED',
        'It looks',
      ),
    ),
    endings: finished,
  },
  // The page is made wider by what the log says, and then the words do not fit.
  'a log that tells of a box as wide as a street': {
    code: document(raw`\wlog{Overfull \string\hbox\space(99999.99999pt too wide) in paragraph}`),
    endings: finished,
  },
  'a log that asks for another run each time': { code: document('x', twice), endings: finished },
  'an auxiliary file that errs in the second run': {
    code: document(
      raw`\makeatletter\immediate\write\@auxout{\string\errmessage{REA\string\empty\space CHED}}\makeatother`,
      twice,
    ),
    endings: { syntax: /^! REACHED/ },
  },
  'an auxiliary file that loops in the second run': looping((turn) =>
    document(
      raw`\makeatletter\immediate\write\@auxout{\string\def\string\again{${turn === report ? raw`\string\errmessage{REA\string\empty\space CHED}` : raw`\string\again`}}\string\again}\makeatother`,
      twice,
    ),
  ),
  'a document that is another in the second run': {
    code: document(
      raw`\immediate\openout15=main.tex \immediate\write15{\string\errmessage{REA\string\empty\space CHED}}\immediate\closeout15 `,
      twice,
    ),
    endings: { syntax: /^! REACHED/ },
  },
  'settings of its own for the second run': {
    code: document(
      raw`\immediate\openout15=texmf.cnf \immediate\write15{openin_any = a}\immediate\write15{shell_escape = t}\immediate\closeout15 \immediate\write18{touch ${folder}/${mark}}\IfFileExists{${folder}/secret.tex}{\input{${folder}/secret}}{}`,
      twice,
    ),
    endings: finished,
  },
  'files of the job written over': {
    code: document(
      ['main.log', 'layout', 'log', 'output', 'terminal', 'document', 'main.aux']
        .map(
          (name, index) =>
            raw`\immediate\openout${index}=${name}${name.includes('.') ? '' : '.'} \immediate\write${index}{ESC\string\empty\space APED}`,
        )
        .join(''),
    ),
    endings: finished,
  },
  'a style within itself': {
    code: tikz(raw`\tikzset{own/.style={own}}\draw[own] (0,0) -- (1,1);`),
    endings: exceeded('(?:input stack size|main memory size|grouping levels|save size|parameter stack)'),
  },
  'a system of rewriting without end': growing(
    (order) =>
      tikz(
        raw`\draw[l-system={rule set={F->F[+F]F[-F]F}, axiom=F, order=${order}, step=1pt}] lindenmayer system;\node {shown};`,
      ),
    [1, 12],
    { ok: /shown/ },
  ),
  'a font made by METAFONT': {
    code: document(raw`\font\x=ecrm1728 scaled 1234 \x x\font\y=nothere scaled 777 \y y`),
    endings: { syntax: /^! Font \\y=nothere/ },
  },
  'a preamble whose format never ends': {
    code: document('x', raw`\expandafter\def\csname du\string mp\endcsname{\loop\iftrue\repeat}`),
    endings: finished,
    rehearsal: {
      code: document('x', raw`\expandafter\def\csname du\string mp\endcsname{\loop\iftrue\repeat}`),
      endings: finished,
    },
    next: {
      code: document('x', raw`\expandafter\def\csname du\string mp\endcsname{\loop\iftrue\repeat}`),
      endings: finished,
    },
  },
});
