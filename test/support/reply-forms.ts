/** A form in which models reply, and what is read of it. */
export interface ReplyForm {
  form: string;
  language: string;
  reply: string;
  /** The code of the candidate that the reply may edit. */
  current?: string;
  finishReason?: string;
  /** The code that the loop reads, or a part of the sentence that refuses the reply. */
  reads: { code: string } | { refuses: string };
}

const ticks = '```';
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">\n  <path d="M9 9h70v40z" fill="teal"/>\n</svg>';
const python = 'import matplotlib.pyplot as plt\n\nplt.plot([3, 1, 2])\nplt.savefig("chart.png")';
const html = '<!DOCTYPE html>\n<html><body><h1>Hello</h1></body></html>';
const latex =
  '\\documentclass{standalone}\n\\usepackage{tikz}\n\\begin{document}\n\\tikz \\draw (0,0) -- (1,1);\n\\end{document}';
const tikz = '\\begin{tikzpicture}\n\\draw (0,0) -- (1,1);\n\\end{tikzpicture}';
const mermaid = 'flowchart LR\n  one --> two';
const smiles = 'CCO';

const block = (info: string, body: string, fence = ticks): string => `${fence}${info}\n${body}\n${fence}`;
const fenced = block('svg', svg);
const indented = (text: string, by: string): string => text.replace(/^/gm, by);

const read = (form: string, reply: string, code = svg, language = 'svg'): ReplyForm => ({
  form,
  language,
  reply,
  reads: { code },
});
const refused = (form: string, reply: string, refuses: string, finishReason = 'stop', language = 'svg'): ReplyForm => ({
  form,
  language,
  reply,
  finishReason,
  reads: { refuses },
});
const pythonForm = (form: string, reply: string, code = python): ReplyForm => read(form, reply, code, 'python');

const noBlock = 'The reply has no closed fenced block that opens with';
const cutOff = 'The reply reached its length limit';

const plain: ReplyForm[] = [
  read('a fenced block', fenced),
  read('text before it', `Here is the code:\n\n${fenced}`),
  read('text behind it', `${fenced}\n\nIt shows a triangle.`),
  read('text before and behind it', `Sure!\n\n${fenced}\n\nAnything else?`),
  read('right under a line of text', `The code:\n${fenced}`),
  read('lines that end with CR LF', fenced.replaceAll('\n', '\r\n')),
  read('a byte order mark', `\uFEFF${fenced}`),
  read('blank lines around the code', block('svg', `\n${svg}\n`), `\n${svg}\n`),
  read('spaces behind the name', fenced.replace('svg\n', 'svg   \n')),
  read('a space before the name', fenced.replace('svg\n', ' svg\n')),
  read('four backticks', block('svg', svg, '````')),
  read('five backticks, and more to close', `\`\`\`\`\`svg\n${svg}\n\`\`\`\`\`\``),
  read('up to three spaces before the fences', indented(fenced, '   '), indented(svg, '   ')),
  read('the last of two programs', `${block('svg', svg.replace('teal', 'red'))}\nBetter:\n${fenced}`),
  read('a block of another language before it', `${block('python', python)}\n${fenced}`),
  read('a block of another language behind it', `${fenced}\n${block('bash', 'open a.svg')}`),
  read('a part of a program behind it', `${fenced}\n\nFor gold use\n\n${block('svg', '<path fill="gold"/>')}`),
];

const names: ReplyForm[] = [
  read('the name in capitals', fenced.replace('svg\n', 'SVG\n')),
  read('the name with a capital', fenced.replace('svg\n', 'Svg\n')),
  read('another name of the language: xml', block('xml', svg)),
  read('its other name in capitals: XML', block('XML', svg)),
  read('no name', block('', svg)),
  read('a name for any text: text', block('text', svg)),
  read('a name for any text: none', block('none', svg)),
  read('a name for any text: code', block('code', svg)),
  read('the name of its media type', block('svg+xml', svg)),
  read('the whole media type', block('image/svg+xml', svg)),
  read('the name of a language around it: html', block('html', svg)),
  read('the name in braces', block('{svg}', svg)),
  read('the name behind a dot in braces', block('{.svg}', svg)),
  read('the name and options in braces', block('{svg, echo=FALSE}', svg)),
  read('the name and the name of a file', block('svg:picture.svg', svg)),
  read('the name and attributes', block('svg title="picture.svg"', svg)),
  read('the name and numbers of lines', block('svg {1,3}', svg)),
  read('the name glued to more letters', block('svgcode', svg)),
  pythonForm('Python: its name', block('python', python)),
  pythonForm('Python: py', block('py', python)),
  pythonForm('Python: python3', block('python3', python)),
  pythonForm('Python: Python', block('Python', python)),
  pythonForm('Python: its name in braces', block('{python}', python)),
  pythonForm('Python: its name and a file', block('python:chart.py', python)),
  pythonForm('Python: no name', block('', python)),
  pythonForm('Python: ipython', block('ipython', python)),
  read('HTML: its name', block('html', html), html, 'html'),
  read('HTML: htm', block('htm', html), html, 'html'),
  read('HTML: HTML', block('HTML', html), html, 'html'),
  read('HTML: no name', block('', html), html, 'html'),
  read('LaTeX: its name', block('latex', latex), latex, 'latex'),
  read('LaTeX: tex', block('tex', latex), latex, 'latex'),
  read('LaTeX: TeX', block('TeX', latex), latex, 'latex'),
  read('LaTeX: LaTeX', block('LaTeX', latex), latex, 'latex'),
  read('LaTeX: tikz', block('tikz', tikz), tikz, 'latex'),
  read('LaTeX: no name', block('', latex), latex, 'latex'),
  read('Mermaid: its name', block('mermaid', mermaid), mermaid, 'mermaid'),
  read('Mermaid: mmd', block('mmd', mermaid), mermaid, 'mermaid'),
  refused('Mermaid: no name', block('', mermaid), noBlock, 'stop', 'mermaid'),
  read('SMILES: its name', block('smiles', smiles), smiles, 'smiles'),
  read('SMILES: smi', block('smi', smiles), smiles, 'smiles'),
  refused('SMILES: no fence', smiles, noBlock, 'stop', 'smiles'),
];

const fences: ReplyForm[] = [
  read('the closing fence behind the last line', `${ticks}svg\n${svg}${ticks}`),
  read('the opening fence behind words', `Here it is: ${fenced}`),
  read('the code behind the name', `${ticks}svg ${svg}\n${ticks}`, svg),
  read('words behind the closing fence', `${fenced} and that is it.`),
  read('all in one line', `${ticks}svg${svg.replaceAll('\n', ' ')}${ticks}`, svg.replaceAll('\n', ' ')),
  read('tildes', block('svg', svg, '~~~')),
  read('four spaces before the fences, in a list', `- The code:\n\n${indented(fenced, '    ')}`),
  read('in a list with numbers', `1. The code:\n\n${indented(fenced, '     ')}`),
  read('in a quote', indented(fenced, '> ')),
  read('tabs before the fences', indented(fenced, '\t')),
  read('in a block of Markdown', block('markdown', `The code:\n${fenced}`)),
  read('in a block of Markdown with four backticks', block('md', fenced, '````')),
  read('never closed, the program whole', `${ticks}svg\n${svg}\n`),
  read('never closed and without a name', `${ticks}\n${svg}`),
  read('no fence, words around it', `Here is the SVG:\n\n${svg}\n\nA triangle.`),
  read('no fence, nothing around it', svg),
  read('closed by tildes, opened by backticks', `${ticks}svg\n${svg}\n~~~`, `${svg}\n~~~`),
  read('two backticks', block('svg', svg, '``')),
  read('HTML: no fence', html, html, 'html'),
  read('HTML: no fence, words around it', `Here:\n${html}\nDone.`, html, 'html'),
  read('LaTeX: no fence', latex, latex, 'latex'),
  read('LaTeX: a picture without a fence', tikz, tikz, 'latex'),
  pythonForm('Python: no fence', python),
  refused('Python: no fence, words before it', `Here is the script:\n\n${python}`, noBlock, 'stop', 'python'),
];

const turns: ReplyForm[] = [
  read('the token <|im_end|> behind it', `${fenced}<|im_end|>`),
  read('the token <|eot_id|> behind it', `${fenced}<|eot_id|>`),
  read('the token <|endoftext|> behind it', `${fenced}<|endoftext|>`),
  read('the token </s> behind it', `${fenced}</s>`),
  read('in the box of GLM-V', `<|begin_of_box|>${fenced}<|end_of_box|>`),
  read('behind its thinking', `<think>A triangle.</think>\n${fenced}`),
  read('behind thinking that has a block', `<think>${block('svg', '<svg>no</svg>')}</think>\n${fenced}`),
  read('behind thinking that leaves a block open', `<think>\n${ticks}svg\n<svg>no\n</think>\n${fenced}`),
  read('behind the end of thinking alone', `A triangle.\n</think>\n${fenced}`),
  read('behind thinking in other tags', `<thinking>A triangle.</thinking>\n${fenced}`),
  read('within its thinking alone', `<think>\n${fenced}\n</think>`),
  read(
    'behind a thought-of edit',
    `<think>${block('svg', '<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE')}</think>\n${fenced}`,
  ),
];

const steps = ['import matplotlib.pyplot as plt', 'x = [3, 1, 2]', 'plt.plot(x)\nplt.savefig("a.png")'];
const documented = `"""\nUsage:\n${ticks}\npython chart.py\n${ticks}\n"""\n${python}`;

const parts: ReplyForm[] = [
  pythonForm('Python: in steps', steps.map((step) => block('python', step)).join('\nThen:\n'), steps.join('\n')),
  pythonForm('Python: a fence in a docstring', block('python', documented), documented),
  pythonForm(
    'Python: how to install, then the program',
    `${block('bash', 'pip install x')}\n${block('python', python)}`,
  ),
  pythonForm('Python: the program, then a tip', `${block('python', python)}\n${block('python', 'plt.grid()')}`),
  read('no whole program: the last block', block('svg', '<path/>'), '<path/>'),
  refused('an empty block', block('svg', ''), 'The fenced block is empty.'),
  refused(
    'code that stands for more',
    block('svg', svg.replace('  <path', '  <!-- ... existing code ... -->\n  <path')),
    'The code leaves parts out',
  ),
  refused(
    'code that stands for the rest',
    block('svg', svg.replace('</svg>', '// ... rest of the chart\n</svg>')),
    'The code leaves parts out',
  ),
  refused('no code', 'I cannot see an image.', noBlock),
  refused('nothing', '', noBlock),
  refused('another language alone', block('python', python), noBlock),
  refused('an unfinished program', `${ticks}svg\n${svg.slice(0, 70)}`, noBlock),
  refused('cut off in the program', `${ticks}svg\n${svg.slice(0, 70)}`, cutOff, 'length'),
  refused('cut off in its thinking', '<think>A triangle', cutOff, 'length'),
  refused('cut off behind a whole program', `${ticks}svg\n${svg}\n<svg`, cutOff, 'length'),
  { ...read('cut off behind a closed block', `${fenced}\nIt sh`), finishReason: 'length' },
];

const edit = (search: string, replace: string): string =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`;
const turn = edit('fill="teal"', 'fill="red"')
  .replaceAll('fill=', '  <path d="M9 9h70v40z" fill=')
  .replaceAll('"\n', '"/>\n');
const red = svg.replace('teal', 'red');
const edits = (form: string, reply: string, code = red): ReplyForm => ({ ...read(form, reply, code), current: svg });
const badEdit = (form: string, reply: string, refuses: string): ReplyForm => ({
  ...refused(form, reply, refuses),
  current: svg,
});

const editForms: ReplyForm[] = [
  edits('edits in a block', block('svg', turn)),
  edits('edits: in a block for any text', block('', turn)),
  edits('edits: in a block of a diff', block('diff', turn)),
  edits('edits: in no block', `I change the color.\n\n${turn}`),
  edits('edits: a sign behind SEARCH', block('svg', turn.replace('SEARCH', 'SEARCH>'))),
  edits(
    'edits: six signs',
    block('svg', turn.replace('<<<<<<<', '<<<<<<').replace('=======', '======').replace('>>>>>>>', '>>>>>>')),
  ),
  edits('edits: the name of a file', block('svg', turn.replace('SEARCH', 'SEARCH picture.svg'))),
  edits('edits: lower case', block('svg', turn.replace('SEARCH', 'search').replace('REPLACE', 'replace'))),
  edits('edits: indented', block('svg', indented(turn, '  '))),
  edits('edits: other indentation in the code', block('svg', turn.replaceAll('  <path', '<path'))),
  edits(
    'edits: words between them',
    `${block('svg', turn)}\nand\n${block('svg', turn.replace('teal', 'red').replace(/red(?=[^]*REPLACE)(?![^]*red)/, 'gold'))}`,
    svg.replace('teal', 'gold'),
  ),
  edits(
    'edits: each half in a fence',
    turn
      .replace(/(<path.*\/>)/g, `<path$1`)
      .replaceAll('<path<path', '<path')
      .replace(/^( {2}<path.*)$/gm, `${ticks}svg\n$1\n${ticks}`),
  ),
  edits('edits: a whole program instead', block('svg', red)),
  badEdit('edits: two dividers', block('svg', turn.replace('>>>>>>>', '=======\nmore\n>>>>>>>')), 'has two lines of'),
  badEdit('edits: never closed', block('svg', turn.replace('>>>>>>> REPLACE', '')), 'is not closed by'),
  badEdit('edits: a text that is not there', block('svg', edit('nowhere', 'x')), 'does not stand in the code'),
  badEdit('edits: a text that is there twice', block('svg', edit('h', 'x')), 'stands more than once'),
  badEdit('edits: an empty text to search', block('svg', edit('', 'x')), 'the search text is empty'),
  refused('edits: no code yet', block('svg', turn), 'there is no code to edit yet'),
];

export const replyForms: readonly ReplyForm[] = [...plain, ...names, ...fences, ...turns, ...parts, ...editForms];
