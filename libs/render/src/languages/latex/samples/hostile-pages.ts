import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { document, finished, growing, raw } from './hostile-source.ts';

/** A document that takes in a PDF which it has written itself. */
const included = (pdf: string, endings: HostileProgram['endings']): HostileProgram => ({
  code: document(
    raw`\includegraphics{bad.pdf}`,
    raw`\begin{filecontents*}{bad.pdf}
${pdf}
\end{filecontents*}`,
  ),
  endings,
});
const refusedPdf = { runtime: /bad\.pdf/ };
/** A form on the page, with entries of its own. */
const form = (entries: string, content: string): string =>
  raw`\pdfobj reserveobjnum \edef\own{\the\pdflastobj}\immediate\pdfobj useobjnum\own stream attr{/Type/XObject/Subtype/Form/BBox[0 0 99 99] ${entries}}{${content}}\pdfpageresources{/XObject<</A \own\space 0 R>>}\pdfliteral{q /A Do Q}`;

/** Documents whose PDF attacks the programs that read the page. */
export const latexPages: MakeHostilePrograms = ({ port, folder }) => ({
  'a PDF of its own that is none': included('This is no PDF.', refusedPdf),
  'a PDF of its own whose pages are themselves': {
    rehearsal: included('This is no PDF either.', refusedPdf),
    ...included(
      '%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[2 0 R 2 0 R]/Count 2147483647>> endobj\ntrailer <</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF',
      { runtime: /^TeX crashed on this document/ },
    ),
  },
  'a PDF of its own whose tables lead to themselves': included(
    '%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer <</Root 1 0 R/Size 999999999/Prev 9>>\nstartxref\n9\n%%EOF',
    refusedPdf,
  ),
  'a page of no size': {
    code: document('x', raw`\pdfpagewidth=0pt \pdfpageheight=0pt \pdfpageattr{/MediaBox[0 0 0 0]}`),
    endings: { runtime: /^The renderer crashed on this document/ },
    rehearsal: { code: document('x', raw`\pdfpagewidth=90pt \pdfpageheight=90pt`), endings: finished },
  },
  'a page of a size that is no number': {
    code: document(
      'x',
      raw`\pdfpageattr{/MediaBox[(x) /y 1e999 << >>] /CropBox[9 9 -9e99 7] /UserUnit 1e9 /Rotate 45}`,
    ),
    endings: finished,
  },
  'a page of a megabyte of attributes': {
    code: document('x', raw`\pdfpageattr{/X[${'[9]\n'.repeat(300_000)}]}`),
    endings: finished,
  },
  'a page with attributes within attributes': {
    code: document('x', raw`\pdfpageattr{/X ${'[\n'.repeat(100_000)}${']\n'.repeat(100_000)}}`),
    endings: finished,
  },
  'a form that draws itself': {
    code: document(form(raw`/Resources<</XObject<</A \own\space 0 R>>>>`, '/A Do /A Do')),
    endings: finished,
  },
  'a picture of 60 000 px': {
    code: document(
      raw`\immediate\pdfobj stream attr{/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceCMYK}{x}\pdfpageresources{/XObject<</A \the\pdflastobj\space 0 R>>}\pdfliteral{q 99 0 0 99 0 0 cm /A Do Q}`,
    ),
    endings: finished,
  },
  ...Object.fromEntries(
    ['JBIG2Decode', 'JPXDecode', 'DCTDecode'].map((filter) => [
      `a picture of bytes that are none, by ${filter}`,
      {
        code: document(
          raw`\immediate\pdfobj stream attr{/Type/XObject/Subtype/Image/Width 999/Height 999/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/${filter}/DecodeParms<</K -1/Columns 2147483647/Rows 2147483647/Predictor 15/Colors 99>>}{${'xyz{}'.repeat(200)}}\pdfpageresources{/XObject<</A \the\pdflastobj\space 0 R>>}\pdfliteral{q 99 0 0 99 0 0 cm /A Do Q}`,
        ),
        endings: finished,
      },
    ]),
  ),
  'tiles as small as nothing': {
    code: document(
      raw`\immediate\pdfobj stream attr{/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .0002/YStep .0002/Resources<<>>}{0 0 1 1 re f}\pdfpageresources{/Pattern<</P \the\pdflastobj\space 0 R>>}\pdfliteral{q /Pattern cs /P scn 0 0 200 200 re f Q}`,
    ),
    endings: finished,
  },
  'a shading by a function of a table without end': {
    code: document(
      raw`\immediate\pdfobj stream attr{/FunctionType 0/Domain[0 1 0 1]/Range[0 1 0 1 0 1]/Size[99999 99999]/BitsPerSample 32}{x}\pdfpageresources{/Shading<</S <</ShadingType 1/ColorSpace/DeviceRGB/Function \the\pdflastobj\space 0 R>>>>}\pdfliteral{q /S sh Q}`,
    ),
    endings: finished,
  },
  'a shading by a program within programs': {
    code: document(
      raw`\immediate\pdfobj stream attr{/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]}{${'{'.repeat(9000)} pop 1 exch 0 ${'}'.repeat(9000)}}\pdfpageresources{/Shading<</S <</ShadingType 1/ColorSpace/DeviceRGB/Function \the\pdflastobj\space 0 R>>>>}\pdfliteral{q /S sh Q}`,
    ),
    endings: finished,
  },
  'a dash as short as an atom': growing(
    (length) => document(raw`\pdfliteral{q [1] 0 d 9 w 0 0 m ${length} 0 l S Q}`),
    [100, 2_000_000_000],
    finished,
  ),
  'a million words on a page': growing(
    (count) => document(raw`\newcount\n \loop\rlap{x}\advance\n by 1 \ifnum\n<${count} \repeat`),
    [10, 60_000],
    { ok: /x[\s\S]*done/ },
  ),
  'a title that is markup': {
    code: document(
      'x',
      raw`\pdfinfo{/Title(</title></head><doc><page width="99999" height="99999"><word>ESC APED</word></page>)}`,
    ),
    endings: finished,
  },
  'links, actions and files within the page': {
    code: document(
      raw`\pdfannot width 9pt height 9pt depth 0pt{/Subtype/FileAttachment/FS<</Type/Filespec/F(${folder}/secret.txt)>>}\pdfannot width 9pt height 9pt depth 0pt{/Subtype/Link/A<</S/Launch/F(/bin/sh)>>}\pdfannot width 9pt height 9pt depth 0pt{/Subtype/Movie/Movie<</F(http://127.0.0.1:${port}/)>>}\pdfannot width 9pt height 9pt depth 0pt{/Subtype/Widget/FT/Tx/V(x)/AA<</K<</S/JavaScript/JS(app.alert(1))>>>>}`,
    ),
    endings: finished,
  },
  'a page that is kept in another file': {
    code: document(
      raw`\immediate\pdfobj{<</Type/XObject/Subtype/Form/Ref<</F(${folder}/secret.png)/Page 0>>>>}\pdfpageresources{/XObject<</A \the\pdflastobj\space 0 R>>}\pdfliteral{/A Do}\immediate\pdfobj stream attr{/F(${folder}/secret.txt)/FFilter/ASCIIHexDecode}{x}\pdfpageattr{/Contents \the\pdflastobj\space 0 R}`,
    ),
    endings: finished,
  },
  'a catalog that leads to itself': {
    code: document(
      raw`\pdfcatalog{/Outlines<</First 1 0 R/Last 1 0 R>>/OCProperties<</OCGs[1 0 R]/D<<>>>>/AcroForm<</Fields[1 0 R]>>/Names 1 0 R}\pdfnames{/Kids[1 0 R]}x`,
    ),
    endings: finished,
  },
  'a PDF that says that it is encrypted': {
    code: document('x', raw`\pdftrailer{/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -1>>}`),
    endings: { empty: /^The document has no page/ },
    rehearsal: { code: document('x', raw`\pdftrailer{/Other<</Filter/Standard>>}`), endings: finished },
  },
  'XeLaTeX: a special of a file': {
    code: raw`% !TeX program = xelatex
\documentclass{article}\begin{document}benign \special{pdf:image (${folder}/secret.png)}\special{pdf:code q}\special{pdf:fstream @x (${folder}/secret.txt)}\special{dvipdfmx:config D "touch x"}done\end{document}`,
    endings: { runtime: /Error \d+ \(driver return code\)/ },
  },
  'XeLaTeX: a loop': {
    code: raw`% !TeX program = xelatex
\def\again{\again}\again`,
    endings: { timeout: /^The code did not finish within/ },
    rehearsal: {
      code: raw`% !TeX program = xelatex
\def\again{\errmessage{REA\empty CHED}}\again`,
      endings: { syntax: /^! REACHED/ },
    },
  },
});
