import type { MakeHostilePrograms } from '../../../port/samples.ts';
import {
  document,
  fileTooLarge,
  finished,
  flooding,
  growing,
  looping,
  luaHang,
  raw,
  steps,
  stopped,
} from './hostile-source.ts';

const nestedForm = raw`\setbox0\hbox{${raw`\rlap{\pdfrefxform\pdflastxform}`.repeat(8)}\kern1pt}\immediate\pdfxform0 `;

/** Documents that do not end, hoard, or flood. */
export const latexResources: MakeHostilePrograms = () => ({
  'a loop': looping((turn) => document(raw`\def\again{${turn}}\again`)),
  'a loop of \\loop': looping((turn) => document(raw`\loop${turn}\iftrue\repeat`), ''),
  'a loop of tokens that grow': {
    code: document(raw`\def\a{\a x\a}\a`),
    endings: { memory: /^! TeX capacity exceeded, sorry \[input stack size/ },
  },
  'a loop of counters': looping(
    (turn) => document(raw`\newcount\n \def\again{\advance\n by 1 \ifnum\n>0 ${turn}\fi}\again`),
    raw`\expandafter\again`,
  ),
  'a loop in the preamble': looping((turn) => document('', raw`\def\again{${turn}}\again`)),
  'a loop before the class': looping(
    (turn) => raw`\def\again{${turn}}\again\documentclass{article}\begin{document}x\end{document}`,
  ),
  'a loop at the end': looping((turn) => document(raw`\AtEndDocument{\def\again{${turn}}\again}`)),
  'a loop within a snippet': looping(
    (turn) =>
      raw`\begin{tikzpicture}\foreach \i in {1,...,10000} {\foreach \j in {1,...,10000} {${turn}}}\end{tikzpicture}`,
    raw`\draw (0,0)--(1,1);`,
  ),
  'a loop of pages': looping((turn) => document(raw`\def\again{x\newpage ${turn}}\again`), raw`\again`),
  'a loop of \\shipout': looping((turn) => document(raw`\loop\shipout\hbox{x}${turn}\iftrue\repeat`), ''),
  'a thousand pages': {
    code: document(raw`\foreach \i in {1,...,1000} {\i\newpage}`),
    endings: { ok: /^The document has 1001 pages: page 1 is shown\.$/m },
  },
  'a bomb of macros': {
    code: document(`${raw`\def\a{x}`}${steps((from, to) => raw`\edef` + `\\${to}{${`\\${from}`.repeat(10)}}`)}\\j`),
    endings: { memory: /^! TeX capacity exceeded, sorry \[main memory size/ },
  },
  'a bomb of \\csname': flooding(
    (turn) =>
      document(raw`\newcount\n \loop\expandafter\def\csname x\the\n\endcsname{x}${turn}\advance\n by 1 \iftrue\repeat`),
    '',
    { memory: /^! TeX capacity exceeded/ },
  ),
  'a bomb of boxes': {
    code: document(raw`\setbox0\hbox{x}\loop\setbox0\hbox{\copy0\copy0}\iftrue\repeat`),
    endings: { memory: /^! TeX capacity exceeded, sorry \[main memory size/ },
  },
  'groups within groups': {
    code: document('{'.repeat(100_000)),
    endings: { memory: /^! TeX capacity exceeded, sorry \[grouping levels/ },
  },
  'a page of 16 metres': {
    code: document(raw`\rule{16000pt}{16000pt}`, raw`\pdfpagewidth=16000pt \pdfpageheight=16000pt`),
    endings: { 'too-large': /^A page of 1[2-6]\d{3}x1[2-6]\d{3} pixels/ },
  },
  'a picture of 16 metres': {
    code: raw`\begin{tikzpicture}\draw (0,0) rectangle (560,560);\end{tikzpicture}`,
    endings: { 'too-large': /^A page of 1[2-6]\d{3}x\d{4,5} pixels/ },
  },
  'a plot of many samples': growing(
    (count) =>
      raw`\begin{tikzpicture}\begin{axis}[title=shown]\addplot[samples=${count}, domain=0:${count}] ({x},{sin(x)});\end{axis}\end{tikzpicture}`,
    [3, 1_000_000],
    { ok: /shown/ },
  ),
  'a flood on the terminal': looping(
    (turn) => document(raw`\loop\message{${'x'.repeat(66)}}${turn}\iftrue\repeat`),
    '',
  ),
  'a flood in the log': flooding(
    (turn) => document(raw`\tracingall\loop\wlog{${'x'.repeat(66)}}${turn}\iftrue\repeat`),
    '',
    fileTooLarge,
  ),
  'a flood of errors': {
    code: document(raw`\errorcontextlines=1000 \loop\errmessage{wrong}\iftrue\repeat`),
    endings: { syntax: /^! wrong\./ },
  },
  'a question on the terminal': {
    code: document(raw`\scrollmode \errorstopmode \read16 to \answer \answer`),
    endings: { syntax: /^TeX asks a question[^\n]*\n[^\n]*\\read16/ },
  },
  'a flood of objects': looping(
    (turn) => document(raw`\loop\immediate\pdfobj stream {${'x'.repeat(46)}}${turn}\iftrue\repeat`),
    '',
  ),
  'a disk filled by \\write': flooding(
    (turn) =>
      document(
        raw`\newwrite\out \immediate\openout\out=fill.txt \edef\x{${'x'.repeat(58)}}\loop\immediate\write\out{\x\x\x\x\x\x\x\x}${turn}\iftrue\repeat`,
      ),
    '',
    fileTooLarge,
  ),
  'Lua: a loop': luaHang('while true do if report then tex.error(report) end end', { timeout: stopped }),
  'Lua: a bomb of memory': luaHang(
    'local t, n = {}, 0 while true do n = n + 1 t[n] = string.rep("x", 10000000) .. n if report then tex.error(report) end end',
    { memory: /memory/ },
  ),
  'a PDF of forms within forms': growing(
    (count) =>
      document(
        raw`\setbox0\hbox{\rule{1pt}{1pt}}\immediate\pdfxform0 ${nestedForm.repeat(count)}\pdfrefxform\pdflastxform`,
      ),
    [1, 8],
    finished,
  ),
  'a loop, once its beginning is known': looping((turn) => document(raw`\def\again{${turn}}\again`)),
  'a loop at the end, once its beginning is known': looping((turn) =>
    document(raw`\AtEndDocument{\def\again{${turn}}\again}`),
  ),
  'a loop in a page with a picture, once its beginning is known': looping(
    (turn) => document(raw`\tikz\draw (0,0) -- (1,1);\loop${turn}\iftrue\repeat`),
    '',
  ),
});
