import type { TextMaker } from './reader-time.ts';

const repeat =
  (piece: string, before = '', after = ''): TextMaker =>
  (length) =>
    before + piece.repeat(Math.max(1, Math.floor((length - before.length - after.length) / piece.length))) + after;

/** A text of about `length` characters, made of a piece that repeats. */
export const repeated = (piece: string, length: number, before = '', after = ''): string =>
  repeat(piece, before, after)(length);

const named = (pieces: Record<string, string>, before = '', after = ''): Record<string, TextMaker> =>
  Object.fromEntries(Object.entries(pieces).map(([name, piece]) => [name, repeat(piece, before, after)]));

/** Whatever a text may be made of. */
export const anyTexts = named({
  letters: 'a',
  words: 'ab ',
  spaces: ' ',
  newlines: '\n',
  'carriage returns': '\r',
  'line breaks': '\r\n',
  NULs: '\0',
  'halves of surrogate pairs': '\ud800',
  'code points of two units': '😀',
  'combining marks': 'e\u0301',
  backslashes: '\\',
  backticks: '` ',
  quotes: '"',
  apostrophes: "'",
  braces: '{',
  brackets: '[',
  'closing braces': '}',
  numbers: '1,',
});

export const replyTexts = {
  ...anyTexts,
  ...named({
    fences: '```\n',
    'fences of the language': '```svg\n',
    'closed blocks': '```svg\nx\n```\n',
    'fences of four': '````\n',
    'indented fences': '   ```\n',
    'fences in lines': 'x ```\n',
    'fences with a backtick': '```a`\n',
    'edit openers': '<<<<<<< SEARCH\n',
    'edit dividers': '=======\n',
    'edit closers': '>>>>>>> REPLACE\n',
    edits: '<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n',
    'almost edits': '<<<<<<< SEARCH x\n',
  }),
  'a fence and spaces': repeat(' ', '```'),
  'an opened edit and lines': repeat('\n', '```svg\n<<<<<<< SEARCH\n', '\n```'),
  'an edit of many lines': repeat('a\n', '```svg\n<<<<<<< SEARCH\n', 'b\n=======\n>>>>>>> REPLACE\n```'),
  'a block of many edits': repeat('<<<<<<< SEARCH\na\n=======\na\n>>>>>>> REPLACE\n', '```svg\n', '\n```'),
};

export const markupTexts = {
  ...anyTexts,
  ...named({
    'opened tags': '<',
    'closed tags': '>',
    'start tags': '<a>',
    'nested groups': '<g>',
    'empty elements': '<a/>',
    'end tags': '</a>',
    'tags without ends': '<a ',
    attributes: ' a="1"',
    'attributes that do not end': ' a="',
    sizes: " width='1'",
    'roots that do not end': '<svg ',
    'nested roots': '<svg width="1">',
    comments: '<!--',
    'almost ended comments': '<!---->',
    'CDATA sections': '<![CDATA[',
    'processing instructions': '<?',
    doctypes: '<!DOCTYPE [',
    entities: '&amp;',
    'almost entities': '&#x',
    texts: '<text>',
    'placed texts': '<tspan x="1">',
    gradients: '<linearGradient id="a" href="#a"/>',
    'clip paths': '<clipPath ',
    filters: 'filter:',
    'placed glyphs': ' x="1 ',
    scripts: '<script ',
    'checked scripts': '<script integrity="',
    'style rules': '{ ',
  }),
};

export const writtenTexts = {
  ...anyTexts,
  ...named({
    'traced groups': '<g data-patch="1,1,1,1" data-detail="1">\n',
    'almost traced groups': '<g data-patch\n',
    'traced scopes': '\\begin{scope}[x=1] % patch 1,1,1,1 detail 1\n',
    'almost traced scopes': '\\begin{scope}[',
    'traced lines': '# patch 1,1,1,1 detail 1\n',
    'ends of bodies': '</body ',
    roots: '<svg ',
  }),
  'traced groups with one end': repeat('<g data-patch="1,1,1,1" data-detail="1">\n', '', '\n</g>'),
  'traced scopes with one end': repeat('\\begin{scope}[x=1] % patch 1,1,1,1 detail 1\n', '', '\n\\end{scope}'),
  'roots that do not end in a document': repeat('<svg ', '', '</svg>'),
};

const texPieces = {
  comments: '%',
  'comment lines': '%\n',
  commands: '\\a',
  packages: '\\usepackage[a]{b}',
  'packages that do not end': '\\usepackage{',
  'options that do not end': '\\usepackage[',
  classes: '\\documentclass{',
  environments: '\\begin{a}\\end{a}',
  'environments that do not end': '\\begin{',
  'documents in documents': '\\begin{document}',
  'inner nodes': ' pic ',
  edges: 'edge [',
  circuits: 'to[american ',
  planes: 'canvas is ',
  units: '\\SI ',
  lists: '\\begin{enumerate} [',
  tables: '\\begin{tabular}{',
  libraries: '\\usetikzlibrary{',
  centerings: '\\centering ',
  'escaped percents': '\\%',
};
export const texTexts = {
  ...anyTexts,
  ...named(texPieces),
  'one list of options for many packages': (length: number) =>
    `\\usepackage[${'o,'.repeat(length / 4)}]{${'p,'.repeat(length / 4)}}`,
  'packages in an article': repeat('\\usepackage[a]{b}', '\\documentclass{article}'),
  'comments in an article': repeat('%\n', '\\documentclass{article}\\begin{document}'),
};

export const logTexts = {
  ...anyTexts,
  ...named({
    'wide boxes': 'Overfull \\hbox (1.0pt too wide)\n',
    errors: '! \n',
    'almost errors': '!\n',
    'missing files': 'File `',
    'missing characters': 'Missing character: \n',
    'refused files': 'Not reading from x (openin_any = p)\n',
    reruns: 'Rerun ',
    'files without names': 'No file a',
    environments: '\\begin{a}\n',
  }),
  'a long error': repeat('File `', '! '),
};

export const pageTexts = {
  ...markupTexts,
  ...named({
    words: '<word a>x</word>',
    'words that do not end': '<word ',
    lines: '</line>',
    blocks: '</block>',
    'page sizes': '<page width="',
  }),
};

export const mermaidTexts = {
  ...anyTexts,
  ...named({
    nodes: 'a[b(c)]\n',
    'nodes in one line': 'a[b(c)] --> ',
    'labels that do not end': 'a[(',
    'quotes in labels': 'a["b"',
    'titles of parts': 'subgraph a (b\n',
    'ends of parts': 'end --> end\n',
    messages: 'a->>b: c; d\n',
    diagrams: 'pie\n',
    fences: '```\n',
    'front matter': '---\n',
    comments: '%% a\n\n',
    directives: '%%{init: {\n',
    'ended directives': '%%{init: {"secure": []}}%%\n',
    icons: '::icon(fa fa-a)\n',
    'icons of labels': 'a\n\n::icon(fa fa-a)\n',
    arrows: '-> ',
  }),
  'a fence and spaces': repeat(' ', '```', '!'),
};

export const serverTexts = {
  ...anyTexts,
  ...named({
    bearers: 'bearer ',
    keys: 'sk-',
    'long words': `${'A'.repeat(39)} `,
    'parts of the prompt': 'abcdefghijkl ',
  }),
};

export const urlTexts = {
  ...anyTexts,
  ...named({ families: 'Inter:wght@100..900;', bars: 'Inter|', slashes: '/', percents: '%', weights: '1,400;' }),
};

export const markerTexts = named({
  markers: '<pentimento>',
  'almost markers': '<pentiment',
  parameters: ';base64',
  'parameters that end': ';base64,',
});

export const limitTexts = named({
  'numbers of tokens': 'maximum context length is 1 tokens ',
  'numbers of images': 'at most 1 images ',
  digits: '1',
  'numbers with commas': '1,024 ',
});
