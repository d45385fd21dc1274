import type { MakeHostilePrograms } from '../../../port/samples.ts';
import {
  blocked,
  catching,
  document,
  finished,
  looping,
  lua,
  magenta,
  raw,
  refused,
  report,
  saysRefused,
} from './hostile-source.ts';

const hostFiles = ['/etc/shadow', '/proc/1/environ', '/root/.profile'];

/** Documents that read, write and call what is not theirs. */
export const latexReach: MakeHostilePrograms = ({ port, folder, mark }) => ({
  '\\write18': catching(
    raw`\immediate\write18{echo > /dev/tcp/127.0.0.1/${port}; touch ${folder}/${mark}; cp ${folder}/secret.tex stolen.tex}\IfFileExists{stolen.tex}{\input{stolen}}{${refused}}`,
    saysRefused,
  ),
  '\\write18 by a pipe of \\input': catching(raw`\input{|"cat ${folder}/secret.txt"}`, {
    syntax: /^There is no file \|cat /,
  }),
  '\\write18 by a pipe of \\input without braces': catching(raw`\makeatletter\@@input|"env" \makeatother`, {
    syntax: /I can't find file `\|env/,
  }),
  '\\write18 by packages': {
    code: document(
      raw`\ShellEscape{touch ${folder}/${mark}}\includegraphics{x.eps}`,
      raw`\usepackage{shellesc,epstopdf}\epstopdfsetup{outdir=./}`,
    ),
    endings: { syntax: /^There is no image \.\/x-eps-converted-to\.pdf/ },
  },
  'programs by \\write18 that set-up allows': {
    code: document(
      raw`\immediate\write18{kpsewhich --var-value=PENTIMENTO_CANARY > out.tex}\immediate\write18{bibtex ${folder}/secret}\input{out}`,
    ),
    endings: { syntax: /^There is no file out\.tex/ },
  },
  '\\input of an absolute path': catching(raw`\input{${folder}/secret.txt}`, blocked('secret.txt')),
  '\\input of code': catching(raw`\input{${folder}/secret.tex}`, blocked('secret.tex')),
  '\\@@input': catching(raw`\makeatletter\@@input ${folder}/secret.txt \makeatother`, blocked('secret.txt')),
  '\\include': catching(raw`\include{${folder}/secret}`, blocked('secret')),
  '\\input up the folders': catching(raw`\input{../../../../../../../..${folder}/secret.txt}`, blocked('secret.txt')),
  '\\input from the home folder': catching(raw`\input{~/.profile}`, blocked('~/.profile')),
  '\\openin': catching(
    raw`\newread\in \openin\in=${folder}/secret.txt \ifeof\in ${refused}\else\read\in to \line \line\fi\closein\in`,
    saysRefused,
  ),
  'files asked for': {
    code: document(
      [...['secret.txt', 'secret.tex', 'secret.png'].map((name) => `${folder}/${name}`), ...hostFiles]
        .map((path) => raw`\IfFileExists{${path}}{${magenta}\rule{3cm}{3cm}}{refused }`)
        .join(''),
    ),
    endings: { ok: /benign (?:refused\s+){6}done/ },
  },
  '\\lstinputlisting': catching(raw`\lstinputlisting{${folder}/secret.txt}`, blocked('secret.txt'), {
    preamble: raw`\usepackage{listings}`,
  }),
  // It goes on without the file.
  '\\verbatiminput': catching(raw`\verbatiminput{${folder}/secret.txt}`, finished, {
    preamble: raw`\usepackage{verbatim}`,
  }),
  'tables of a file': catching(raw`\pgfplotstabletypeset[col sep=comma]{${folder}/secret.txt}`, blocked('secret.txt'), {
    preamble: raw`\usepackage{pgfplots,pgfplotstable}`,
  }),
  'plots of a file': catching(
    raw`\begin{tikzpicture}\begin{axis}\addplot table {${folder}/secret.txt};\end{axis}\end{tikzpicture}`,
    blocked('secret.txt'),
    { preamble: raw`\usepackage{pgfplots}` },
  ),
  '\\includegraphics': catching(raw`\includegraphics{${folder}/secret.png}`, blocked('secret.png')),
  '\\pdfximage': catching(raw`\pdfximage{${folder}/secret.png}\pdfrefximage\pdflastximage`, {
    runtime: /cannot find image file [^\n]*secret\.png/,
  }),
  '\\pdfobj stream file': catching(
    raw`\immediate\pdfobj stream file {${folder}/secret.txt}\pdfcatalog{/AF \the\pdflastobj\space 0 R}`,
    blocked('secret.txt'),
  ),
  '\\pdffiledump': catching(
    raw`\edef\dump{\pdffiledump offset 0 length 64{${folder}/secret.txt}}\ifx\dump\empty ${refused}\else\rule{3cm}{3cm}\fi`,
    saysRefused,
  ),
  '\\pdffilesize and \\pdfmdfivesum': catching(
    raw`\edef\facts{\pdffilesize{${folder}/secret.txt}\pdffilemoddate{${folder}/secret.txt}\pdfmdfivesum file{${folder}/secret.txt}}\ifx\facts\empty ${refused}\else\rule{3cm}{3cm}\fi`,
    saysRefused,
  ),
  'a font of a file': catching(raw`\font\x=${folder}/secret \x x`, { syntax: /secret not loadable: Metric/ }),
  'a map of fonts of a file': { code: document(raw`\pdfmapfile{${folder}/secret.txt}x`), endings: finished },
  'a font map with a file': catching(raw`\pdfmapline{=cmr10 CMR10 <${folder}/secret.txt}\font\x=cmr10 \x x`, {
    runtime: /secret\.txt/,
  }),
  'the environment as a file': catching(
    raw`\newread\in \openin\in=/proc/self/environ \ifeof\in ${refused}\else\catcode0=12 \read\in to \line \line\fi`,
    saysRefused,
  ),
  'the environment as a name': catching(raw`\input{$PENTIMENTO_CANARY}`, {
    syntax: /^There is no file \$PENTIMENTO_CANARY/,
  }),
  'the home folder by the environment': catching(raw`\input{\string$HOME/.profile}`, {
    blocked: /\.profile/,
  }),
  ...Object.fromEntries(
    ['/tmp/', `${folder}/`, '../', '/var/tmp/', '/usr/share/texmf/', '/etc/'].map((place, index) => [
      `a file written by \\openout, ${['in /tmp', 'beside the secrets', 'above', 'in /var/tmp', "among TeX's", 'in /etc'][index]}`,
      {
        code: document(raw`\immediate\openout15=${place}${mark} \immediate\write15{x}\immediate\closeout15 `),
        endings: blocked(mark),
      },
    ]),
  ),
  'a file written by \\openout, in its own folder': {
    code: document(raw`\immediate\openout15=${mark} \immediate\write15{x}\immediate\closeout15 `),
    endings: finished,
    next: {
      code: document(
        raw`\IfFileExists{${mark}}{\errmessage{ESC\empty APED}}{}\IfFileExists{${mark}.tex}{\errmessage{ESC\empty APED}}{}\IfFileExists{/tmp/${mark}}{\errmessage{ESC\empty APED}}{}`,
      ),
      endings: finished,
    },
  },
  'a secret written over': {
    code: document(raw`\immediate\openout15=${folder}/secret.txt \immediate\write15{x}\immediate\closeout15 `),
    endings: blocked('secret.txt'),
  },
  'classes and packages written over': {
    code: document(
      ['article.cls', 'tikz.sty']
        .map(
          (name) =>
            raw`\immediate\openout15=${name} \immediate\write15{\errmessage{ESC\string\empty\space APED}}\immediate\closeout15 `,
        )
        .join(''),
    ),
    endings: finished,
    next: { code: document(raw`\tikz\draw (0,0) -- (1,1);`), endings: finished },
  },
  'a preamble that spoils what follows': {
    code: document(
      'x',
      raw`\gdef\tikzpicture{\errmessage{ESC\empty APED}}\everyjob{\errmessage{ESC\empty APED}}\AtBeginDocument{\global\let\section\relax}`,
    ),
    endings: finished,
    next: {
      code: document(raw`\section{Right}\begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}`),
      endings: { ok: /Right[\s\S]*done/ },
    },
  },
  'a preamble that dumps a format of its own': {
    code: document('x', raw`\everyjob{\errmessage{ESC\empty APED}}\dump`),
    endings: { empty: /^The document has no page/ },
    rehearsal: {
      code: document('x', raw`\everyjob{\errmessage{ESC\empty APED}}${report}\dump`),
      endings: { syntax: /^! REACHED/ },
    },
    next: { code: document('x'), endings: finished },
  },
  'a preamble with an endless end': looping(
    (turn) => document('x', raw`\AtBeginDocument{\def\again{${turn}}\again}`),
    raw`\again`,
    { code: document('right'), endings: { ok: /benign right done/ } },
  ),
  'Lua: a program run': lua(
    `return os.execute("touch ${folder}/${mark}")`,
    'return io.popen("env"):read("a"):find("CANARY")',
  ),
  'Lua: a file read': lua(`return io.open("${folder}/secret.txt"):read("*a")`),
  'Lua: the environment': lua('return os.getenv("PENTIMENTO_CANARY")'),
  'Lua: files written and removed': lua(
    `return io.open("/var/tmp/${mark}", "w"):write("x")`,
    `return io.open("${folder}/${mark}", "w"):write("x")`,
    `return os.remove("${folder}/secret.svg")`,
  ),
  'Lua: a connection': lua(
    `return require("socket").connect("127.0.0.1", ${port})`,
    `return require("socket.core").tcp():connect("127.0.0.1", ${port})`,
  ),
  'Lua: a library of C': lua(
    'local ffi = require("ffi") if not ffi.cdef then error("There is no C.") end ffi.cdef("int getuid(); int kill(int, int); int fork();") ffi.C.kill(-1, 9) return ffi.C.fork() > 0',
  ),
  'PostScript in a special': {
    code: document(
      raw`\special{ps: (${folder}/secret.txt) (r) file}\special{pdf: docinfo << /X (x) >>}\special{psfile=${folder}/secret.txt}`,
    ),
    endings: finished,
  },
  'a PDF with a script and a file': {
    code: document(
      raw`\pdfcatalog{/OpenAction << /S /JavaScript /JS (app.launchURL("http://127.0.0.1:${port}/")) >> /AA << /O << /S /URI /URI (http://127.0.0.1:${port}/) >> >>}`,
    ),
    endings: finished,
  },
  // The page ends where its stream does: without the last word.
  'a PDF whose stream is no stream': {
    code: document(raw`\pdfliteral direct {q Q Q Q Q BT ET /X Do ( [ << 1 0 0 RG 9e99 w 0 0 m 1e99 1e99 l S}`),
    endings: { ok: /^\s*benign\s*$/ },
  },
  'bytes that are no text': {
    code: '\u0000\ud800\u0001\\documentclass{article}\\begin{document}x\u0000\\end{document}',
    endings: { syntax: /^! Text line contains an invalid character/ },
  },
  'no document at all': {
    code: '%',
    endings: { empty: /^The document has no page/ },
    rehearsal: { code: '%\nshown', endings: { ok: /shown/ } },
  },
  'an end before the beginning': {
    code: raw`\end{document}\begin{document}x\end{document}\begin{document}y`,
    endings: { syntax: /^! I can't find file `main\.aux'/ },
  },
  'XeLaTeX: a picture of the host': {
    code: raw`% !TeX program = xelatex
\XeTeXpicfile "${folder}/secret.png" ${report}
\documentclass{article}\begin{document}x\end{document}`,
    endings: { syntax: /secret\.png/ },
  },
  'XeLaTeX: a font of the host': {
    code: raw`% !TeX program = xelatex
\font\x="[${folder}/secret.txt]" \x ${report}
\documentclass{article}\begin{document}x\end{document}`,
    endings: { syntax: /secret\.txt/ },
  },
});
